"""Grades of the next year as pages, API and actions read them: the rule of the year, what it proposes, and the round."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from kpi.access.grades import grade_proposals_visible_to, grade_rounds_visible_to, grade_rules_visible_to
from kpi.models import GradeProposal, GradeRound, GradeRule, ReleaseState, Run, Standing
from kpi.pay.grades import Held, Measure, Proposed, Result, propose
from promotion.web.formats import number
from staff.access import in_force
from staff.models import Account, Appointment, Grade


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the rule proposes for one person, before anybody decides."""

    post: Appointment
    standing: Standing | None
    proposed: Proposed
    basis: str

    @property
    def grade_label(self) -> str:
        """The proposed grade in words."""
        return str(Grade(self.proposed.grade).label)


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """How many rise, stay and fall by the decisions, and how many depart from the proposal."""

    people: int
    up: int
    stay: int
    down: int
    departing: int


def grade_rule_for(year: int) -> GradeRule | None:
    """The released rule that the year is read by: of those that began by then, the latest."""
    held = GradeRule.objects.filter(state=ReleaseState.RELEASED, holds_from__lte=year)
    return held.order_by("-holds_from", "-released_at", "-pk").first()


def grade_rules_listed(actor: Account) -> QuerySet[GradeRule]:
    """The rules that the actor sees, drafts first."""
    return grade_rules_visible_to(actor).select_related("drafted_by", "released_by").order_by("state", "-pk")


def grade_round_of(actor: Account, year: int) -> GradeRound | None:
    """The round of the year."""
    related = ("run__scheme", "rule", "opened_by", "submitted_by", "approved_by", "applied_by")
    return grade_rounds_visible_to(actor).select_related(*related).filter(year=year).first()


def proposals_of(actor: Account, found: GradeRound) -> QuerySet[GradeProposal]:
    """The visible proposals of a round with what a list shows."""
    rows = grade_proposals_visible_to(actor).filter(round=found)
    return rows.select_related("person", "team", "standing", "decided_by")


def own_grades(person: int | None, actor: Account) -> QuerySet[GradeProposal]:
    """A person's visible grade decisions, newest first."""
    rows = grade_proposals_visible_to(actor).filter(person=person, person__isnull=False)
    return rows.select_related("round__rule", "standing__run", "team").order_by("-round__year")


def last_day_of(year: int) -> date:
    """The day up to which a year must be calculated before anything is decided on it."""
    return date(year, 12, 31)


def candidates(run: Run, rule: GradeRule, on: date) -> list[Candidate]:
    """Everybody who holds a post on the day, with the grade that the run and the rule propose; two queries."""
    by_person = results_of_people(run)
    posts = Appointment.objects.filter(in_force(on)).select_related("person", "team")
    found = []
    for post in posts.order_by("team__position", "person__staff_number"):
        standing = by_person.get(post.person_id)
        proposed = propose(post.grade, _result(standing), rule.thresholds)
        found.append(Candidate(post, standing, proposed, basis_of(standing, proposed, rule)))
    return found


def results_of_people(run: Run) -> dict[int, Standing]:
    """Each person's result in the run; whom a scheme ranks in two groups has the first."""
    found: dict[int, Standing] = {}
    for standing in Standing.objects.filter(run=run, person__isnull=False).order_by("group", "pk"):
        found.setdefault(standing.person_id or 0, standing)
    return found


def _result(standing: Standing | None) -> Result | None:
    if standing is None:
        return None
    return Result(
        standing.total,
        standing.rank,
        standing.group_size,
        standing.eligible,
        standing.undecided_count,
    )


def basis_of(standing: Standing | None, proposed: Proposed, rule: GradeRule) -> str:
    """The proposal in a sentence of figures."""
    if standing is None:
        return _("这一年没有考核结果，级别不变。")
    thresholds = rule.thresholds
    words = {
        "total": number(standing.total, 2),
        "rank": standing.rank,
        "size": standing.group_size,
        "grade": Grade(proposed.reached).label,
        "asked": number({"senior": thresholds.senior, "first": thresholds.first}.get(proposed.reached, 0), 2),
    }
    if thresholds.measure == Measure.SCORE:
        said = _("总分 %(total)s，第 %(rank)s 名（共 %(size)s 人）；") % words
        met = _("达到%(grade)s的 %(asked)s 分。") % words
        below = _("不到一级的 %(asked)s 分。") % (words | {"asked": number(thresholds.first, 2)})
    else:
        words["place"] = number(Result(standing.total, standing.rank, standing.group_size).place, 1)
        said = _("第 %(rank)s 名，共 %(size)s 人，前 %(place)s%%；") % words
        met = _("在%(grade)s的前 %(asked)s%% 之内。") % words
        below = _("不在一级的前 %(asked)s%% 之内。") % (words | {"asked": number(thresholds.first, 2)})
    return said + (below if proposed.reached == "second" else met) + held_words(proposed.held, rule)


def held_words(held: Held, rule: GradeRule) -> str:
    """Why the proposal stops short of what the thresholds alone give."""
    if held == Held.UNDECIDED:
        return _("还有待定项，先不变。")
    if held == Held.GATE:
        return _("门槛没有通过或尚未判定，不晋级。")
    if held == Held.STEPS:
        return _("一年最多晋升 %(up)s 级、降低 %(down)s 级。") % {"up": rule.most_up, "down": rule.most_down}
    return ""


def round_figures(found: GradeRound) -> RoundFigures:
    """The decisions of a round in numbers; one query."""
    rows = GradeProposal.objects.filter(round=found).values_list("present", "decided", "proposed")
    pairs = list(rows)
    steps = [list(Grade).index(Grade(old)) - list(Grade).index(Grade(new)) for old, new, _said in pairs]
    return RoundFigures(
        len(pairs),
        sum(step > 0 for step in steps),
        sum(step == 0 for step in steps),
        sum(step < 0 for step in steps),
        sum(new != said for _old, new, said in pairs),
    )


def without_post(found: GradeRound) -> list[GradeProposal]:
    """Those whose grade changes and who hold no post on the day of the round any more."""
    held = Appointment.objects.filter(in_force(found.applies_on)).values("person")
    changing = found.proposals.exclude(decided=F("present")).exclude(person__in=held)
    return list(changing.select_related("person"))


def undecided_people(found: GradeRound) -> int:
    """How many proposals rest on a result that is not decided in every item."""
    totals = found.proposals.aggregate(count=Count("pk", filter=Q(standing__undecided_count__gt=0)))
    return int(totals["count"])

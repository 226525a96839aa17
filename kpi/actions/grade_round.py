"""A year's grades: proposed by its run, decided by people, approved by a second person, and carried out on one day."""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access.grades import (
    can_approve_grades,
    can_decide_grades,
    can_keep_grades,
    departed,
    grade_proposals_visible_to,
    grade_rounds_visible_to,
    stands_in,
)
from kpi.models import GradeProposal, GradeRound, GradeRoundState, GradeRule, Run
from kpi.queries.course import decisive_run
from kpi.queries.grades import (
    candidates,
    grade_rule_for,
    last_day_of,
    round_figures,
    undecided_people,
    without_post,
)
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.web.formats import day
from staff.access.concern import is_concerned
from staff.actions import regrade_people
from staff.models import Account, Grade

LONGEST = 300


@action("grades.open", gettext_lazy("拟定职级"))
def open_grade_round(*, actor: Account, year: int) -> GradeRound:
    """Propose the grade of everybody who holds a post on 1 January of the next year.

    Raises NotAllowed for anybody but HR, Refused without a released rule or before the whole year is calculated, Conflict
    when the round is open already.
    """
    _need_hr(actor)
    run, rule = _ground(year)
    if GradeRound.objects.filter(year=year).exists():
        raise Conflict(_("这一年的职级评定已经开始，请刷新页面。"))
    found = GradeRound.objects.create(
        year=year, run=run, rule=rule, applies_on=date(year + 1, 1, 1), opened_by=actor
    )
    _propose(found)
    record(actor=actor, verb="grades.open", target=found, detail=_said(found))
    return found


@action("grades.renew", gettext_lazy("重新拟定职级"))
def renew_grade_round(*, actor: Account, found: GradeRound, seen: int | None = None) -> GradeRound:
    """Propose anew from the run that decisions stand on now; what people decided otherwise stays, with its reason."""
    locked = _locked(actor, found, GradeRoundState.DRAFT)
    _need_hr(actor)
    check_version(seen=seen, current=locked)
    locked.run, locked.rule = _ground(locked.year)
    departed = {
        each.person_id: (each.decided, each.reason, each.decided_by)
        for each in locked.proposals.exclude(reason="").select_related("decided_by")
    }
    locked.proposals.all().delete()
    _propose(locked)
    for proposal in locked.proposals.filter(person__in=departed):
        proposal.decided, proposal.reason, proposal.decided_by = departed[proposal.person_id]
        proposal.save(update_fields=["decided", "reason", "decided_by"])
    _save(locked, "run", "rule")
    record(actor=actor, verb="grades.renew", target=locked, detail=_said(locked))
    return locked


@action("grades.decide", gettext_lazy("决定职级"))
def decide_grade(*, actor: Account, proposal: GradeProposal, grade: str, reason: str = "") -> GradeProposal:
    """Decide about one person, as proposed or otherwise with a reason.

    Raises NotAllowed for oneself and for anybody but HR and managers, Conflict once the round is submitted, Refused without a
    reason.
    """
    visible = grade_proposals_visible_to(actor).select_related("person", "round").filter(pk=proposal.pk)
    row = visible.select_for_update(of=("self",)).first()
    if row is None:
        raise NotFound(_("没有这条职级建议，可能已经重新拟定。"))
    locked = _locked(actor, row.round, GradeRoundState.DRAFT)
    if not can_decide_grades(actor) or is_concerned(actor, [row.person_id]):
        raise NotAllowed(_("职级由人事和分管领导决定，不能决定自己的。"))
    reason = reason.strip()
    fields = {}
    if grade not in Grade.values:
        fields["grade"] = _("请选择级别。")
    elif grade != row.proposed and not reason:
        fields["reason"] = _("与建议不同时必须写明理由。")
    if len(reason) > LONGEST:
        fields["reason"] = _("最多 %(number)s 个字。") % {"number": LONGEST}
    if fields:
        raise Refused("".join(fields.values()), fields=fields)
    row.decided, row.reason, row.decided_by = Grade(grade), reason, actor
    row.save(update_fields=["decided", "reason", "decided_by"])
    _save(locked)
    detail = {"person": row.person.staff_number, "proposed": row.proposed, "decided": row.decided}
    record(actor=actor, verb="grades.decide", target=row, reason=reason, detail=detail)
    return row


@action("grades.submit", gettext_lazy("提交职级评定"))
def submit_grade_round(*, actor: Account, found: GradeRound, seen: int | None = None) -> GradeRound:
    """Hand the round to a manager. Raises Refused while the run changed since or results are undecided."""
    locked = _locked(actor, found, GradeRoundState.DRAFT)
    _need_hr(actor)
    check_version(seen=seen, current=locked)
    decisive = decisive_run(locked.year)
    if decisive is None or decisive.pk != locked.run_id:
        raise Refused(_("拟定以后又有新的核算；请先“重新拟定”，再提交。"))
    if waiting := undecided_people(locked):
        raise Refused(_("还有 %(count)s 人的考核结果有待定项，办结后再提交。") % {"count": waiting})
    locked.state, locked.submitted_by, locked.opinion = GradeRoundState.SUBMITTED, actor, ""
    _save(locked, "state", "submitted_by", "opinion")
    record(actor=actor, verb="grades.submit", target=locked, detail=_said(locked))
    return locked


@action("grades.approve", gettext_lazy("审批职级评定"))
def approve_grade_round(
    *, actor: Account, found: GradeRound, approve: bool, reason: str = "", seen: int | None = None
) -> GradeRound:
    """Approve the round, or give it back with a reason; everybody is told the own decision.

    Raises NotAllowed for whoever submitted it or stands in it, and for anybody but managers.
    """
    locked = _locked(actor, found, GradeRoundState.SUBMITTED)
    if not can_approve_grades(actor) or locked.submitted_by_id == actor.pk or stands_in(actor, locked):
        raise NotAllowed(_("职级评定由一位分管领导审批，不能是提交人，也不能是本轮评定的人。"))
    if departed(actor, locked):
        raise NotAllowed(_("其中有您本人作出的、与建议不同的决定；请由另一位分管领导审批。"))
    check_version(seen=seen, current=locked)
    reason = reason.strip()[:LONGEST]
    if not approve and not reason:
        sentence = _("请写明退回的原因。")
        raise Refused(sentence, fields={"reason": sentence})
    locked.opinion = reason
    if approve:
        locked.state, locked.approved_by = GradeRoundState.APPROVED, actor
        locked.approved_at = timezone.now()
    else:
        locked.state = GradeRoundState.DRAFT
    _save(locked, "state", "approved_by", "approved_at", "opinion")
    if approve:
        _tell(locked)
    record(actor=actor, verb="grades.approve", target=locked, reason=reason, detail=_said(locked))
    return locked


@action("grades.apply", gettext_lazy("执行职级评定"))
def apply_grade_round(*, actor: Account, found: GradeRound, seen: int | None = None) -> GradeRound:
    """Change the posts from the day of the round on, of everybody or of nobody.

    Raises NotAllowed for anybody but HR, Refused naming who has no post on the day any more.
    """
    locked = _locked(actor, found, GradeRoundState.APPROVED)
    _need_hr(actor)
    check_version(seen=seen, current=locked)
    gone = without_post(locked)
    changing = [one for one in locked.proposals.all() if one.decided != one.present]
    # Whoever left since has no post to change; the decision stays on record.
    skipped = {one.person_id for one in gone}
    grades = {one.person_id: one.decided for one in changing if one.person_id not in skipped}
    reason = _("%(year)s 年度考核职级评定") % {"year": locked.year}
    changed = regrade_people(actor=actor, grades=grades, on=locked.applies_on, reason=reason)
    locked.state, locked.applied_by = GradeRoundState.APPLIED, actor
    locked.applied_at = timezone.now()
    _save(locked, "state", "applied_by", "applied_at")
    detail = _said(locked) | {"changed": len(changed), "without_post": [str(one.person) for one in gone]}
    record(actor=actor, verb="grades.apply", target=locked, detail=detail)
    return locked


def _propose(found: GradeRound) -> None:
    # What is stored is read by everybody, whatever the language of who proposed it.
    with translation.override(settings.LANGUAGE_CODE):
        rows = candidates(found.run, found.rule, found.applies_on)
    GradeProposal.objects.bulk_create(
        GradeProposal(
            round=found,
            person=each.post.person,
            team=each.post.team,
            standing=each.standing,
            present=each.post.grade,
            proposed=each.proposed.grade,
            decided=each.proposed.grade,
            basis=each.basis,
        )
        for each in rows
    )


def _ground(year: int) -> tuple[Run, GradeRule]:
    """The run and the rule that a round stands on. Raises Refused where there is none."""
    run, rule = decisive_run(year), grade_rule_for(year)
    if rule is None:
        raise Refused(_("%(year)s 年还没有发布职级评定办法；请先起草并发布。") % {"year": year})
    if run is None or run.as_of < last_day_of(year):
        raise Refused(
            _("%(year)s 年还没有核算到 %(day)s；职级按全年结果拟定。")
            % {"year": year, "day": day(last_day_of(year))}
        )
    return run, rule


def _tell(found: GradeRound) -> None:
    """To each person concerned the own decision, not the others'."""
    url = f"{reverse('kpi:grades')}?year={found.year}"
    told: dict[str, list[Account]] = {}
    for row in found.proposals.filter(person__account__is_active=True).select_related("person__account"):
        told.setdefault(row.get_decided_display(), []).append(row.person.account)
    for grade, accounts in told.items():
        words = {"grade": grade, "day": day(found.applies_on)}
        text = _("您的职级评定为%(grade)s，自 %(day)s 起执行。") % words
        notify(recipients=accounts, text=text, url=url)


def _need_hr(actor: Account) -> None:
    if not can_keep_grades(actor):
        raise NotAllowed(_("职级评定由人事办理，由分管领导审批。"))


def _locked(actor: Account, found: GradeRound, state: str) -> GradeRound:
    """The round, locked. Raises NotFound, Conflict when it is in another state."""
    rounds = grade_rounds_visible_to(actor).select_related("run", "rule")
    locked = rounds.select_for_update(of=("self",)).filter(pk=found.pk).first()
    if locked is None:
        raise NotFound(_("没有这一轮职级评定。"))
    if locked.state != state:
        raise Conflict(
            _("这一轮职级评定现在是“%(state)s”，不能这样办理；请刷新页面。")
            % {"state": locked.get_state_display()}
        )
    return locked


def _save(found: GradeRound, *fields: str) -> None:
    found.version += 1
    found.save(update_fields=[*fields, "version"])


def _said(found: GradeRound) -> dict[str, object]:
    told = round_figures(found)
    figures: dict[str, object] = {
        "people": told.people,
        "up": told.up,
        "down": told.down,
        "departing": told.departing,
    }
    return {"run": str(found.run), "state": found.state} | figures

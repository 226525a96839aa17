"""What did not count although the subject stands behind it (没有计入，因为…): facts outside the ledger that a run read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.models import LedgerLine, Standing
from kpi.queries.measures import SubjectKey
from kpi.queries.sources import Sources, subject_key
from projects.access import achievements_visible_to, shown_names
from projects.models import Achievement, CreditShare, Recognition
from projects.queries.evidence import Checklist, checklists_of
from staff.models import Appointment

Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A fact that brings the subject nothing, with the sentence that says why; `reversal` is its reversing line."""

    achievement: Achievement
    name: str
    reason: str
    reversal: LedgerLine | None = None


@dataclass(frozen=True, slots=True)
class _Member:
    """Somebody whose facts concern the subject: always for the person itself, in the days of the post for a team."""

    person: int
    is_self: bool
    spans: tuple[Span, ...] = ()

    def served(self, day: date) -> bool:
        return self.is_self or any(holds(span, day) for span in self.spans)


def holds(span: Span, day: date) -> bool:
    """Whether the half-open span holds the day."""
    return span[0] <= day and (span[1] is None or span[1] > day)


def uncounted_of(sources: Sources, standings: Sequence[Standing]) -> dict[SubjectKey, list[Uncounted]]:
    """The facts of each subject that no ledger line credits it for, by day; a constant number of queries.

    Only what the reader may open: a fact that was never credited is not told to whoever may not see its project.
    """
    members = {subject_key(one): found for one, found in _members(sources, standings)}
    people = {member.person for found in members.values() for member in found}
    facts = _facts(sources, people)
    shares = _shares(people, {fact.project_id for fact in facts if fact.project_id})
    why = _Reasons(sources, checklists_of([one for one in facts if one.state == Recognition.SUBMITTED]))
    reversals = _reversals(sources, [fact.pk for fact in facts])
    names = shown_names(sources.actor, [fact.project for fact in facts])
    found: dict[SubjectKey, list[Uncounted]] = {}
    for key, those in members.items():
        credited = {line.achievement_id for line in sources.lines.get(key, ())}
        found[key] = [
            Uncounted(fact, _name(fact, names), reason, reversals.get((key, fact.pk)))
            for fact in facts
            if fact.pk not in credited and (reason := why.of(fact, those, shares))
        ]
    return found


def _name(fact: Achievement, names: Mapping[int, str]) -> str:
    named = names.get(fact.project_id) if fact.project_id else ""
    return named or fact.title or str(fact.get_kind_display())


def _members(sources: Sources, standings: Iterable[Standing]) -> list[tuple[Standing, tuple[_Member, ...]]]:
    teams = {one.team_id for one in standings if one.team_id}
    first = date(sources.run.year, 1, 1)
    posts: dict[int, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    held = Appointment.objects.filter(Q(team__in=teams) | Q(team__parent__in=teams, team__kind="liaison"))
    held = held.filter(Q(ends_on=None) | Q(ends_on__gt=first), starts_on__lte=sources.run.as_of)
    for post in held.select_related("team") if teams else ():
        ranked = post.team_id if post.team_id in teams else post.team.parent_id
        posts[ranked or 0][post.person_id].append((post.starts_on, post.ends_on))
    return [
        (
            one,
            (_Member(one.person_id, is_self=True),)
            if one.person_id
            else tuple(
                _Member(person, is_self=False, spans=tuple(spans))
                for person, spans in posts[one.team_id or 0].items()
            ),
        )
        for one in standings
    ]


def _facts(sources: Sources, people: set[int]) -> list[Achievement]:
    """What was reported by the end of the run and happened, or was recognised, in its year."""
    year, ended = sources.run.year, sources.run.finished_at or timezone.now()
    shared = CreditShare.objects.filter(person__in=people).values("project")
    facts = achievements_visible_to(sources.actor).filter(
        Q(project__in=shared) | Q(project=None, person__in=people),
        Q(happened_on__year=year) | Q(recognised_on__year=year),
        submitted_at__lte=ended,
    )
    facts = facts.exclude(state=Recognition.WITHDRAWN).select_related("project", "decided_by")
    return list(facts.order_by("happened_on", "pk"))


def _shares(people: set[int], projects: set[int]) -> dict[tuple[int, int], list[Span]]:
    """When each person had a share in each project."""
    found: dict[tuple[int, int], list[Span]] = defaultdict(list)
    rows = CreditShare.objects.filter(person__in=people, project__in=projects).order_by("holds_from")
    for person, project, start, end in rows.values_list("person", "project", "holds_from", "holds_until"):
        if end is None or end > start:
            found[person, project].append((start, end))
    return found


def _reversals(sources: Sources, facts: Sequence[int]) -> dict[tuple[SubjectKey, int], LedgerLine]:
    """The newest reversing line of each fact, by subject."""
    run = sources.run
    lines = LedgerLine.objects.filter(
        year=run.year, pk__lte=run.last_line, achievement__in=facts, reverses__isnull=False
    )
    found: dict[tuple[SubjectKey, int], LedgerLine] = {}
    for line in lines.order_by("pk"):
        found[("person", line.person_id), line.achievement_id] = line
        if line.ranked_team_id is not None:
            found[("team", line.ranked_team_id), line.achievement_id] = line
    return found


class _Reasons:
    """Why a fact does not count; a state that came after the run is not held against it."""

    def __init__(self, sources: Sources, checklists: Mapping[int, Checklist]) -> None:
        self.run, self.checklists = sources.run, checklists
        self.ended: datetime = sources.run.finished_at or timezone.now()

    def of(
        self, fact: Achievement, members: Sequence[_Member], shares: Mapping[tuple[int, int], list[Span]]
    ) -> str:
        """The sentence for a subject, or nothing where the fact is none of its."""
        for member in members:
            if not member.served(fact.happened_on):
                continue
            if fact.project_id is None:
                if fact.person_id == member.person:
                    return self._of_fact(fact)
                continue
            spans = shares.get((member.person, fact.project_id))
            if not spans:
                continue
            if any(holds(span, fact.happened_on) for span in spans):
                return self._of_fact(fact)
            if member.is_self and fact.happened_on.year == self.run.year:
                return self._pending(fact) or _of_share(spans, fact.happened_on)
        return ""

    def _of_fact(self, fact: Achievement) -> str:
        if reason := self._pending(fact):
            return reason
        if fact.happened_on.year != self.run.year:
            return _("发生在 %(year)s 年，计入 %(year)s 年度。") % {"year": fact.happened_on.year}
        if fact.happened_on > self.run.as_of:
            return _("发生在这次核算的截至日 %(day)s 之后。") % {"day": self.run.as_of.isoformat()}
        return _("认定或份额核定在这次核算（截至 %(day)s）之后，下一次核算计入。") % {
            "day": self.run.as_of.isoformat()
        }

    def _pending(self, fact: Achievement) -> str:
        """The sentence for a fact that was not recognised when the run ended."""
        decided = fact.decided_at is None or fact.decided_at <= self.ended
        if fact.state == Recognition.REVERSED and fact.reversed_on and fact.reversed_on <= self.run.as_of:
            return _("%(day)s 已冲销，不再计入。") % {"day": fact.reversed_on.isoformat()}
        if fact.state == Recognition.RETURNED and decided:
            note = fact.decision_note or _("没有写明理由")
            return _("被退回：%(reason)s。") % {"reason": note.rstrip("。")}
        if fact.state == Recognition.SUBMITTED or not decided:
            checklist = self.checklists.get(fact.pk)
            if checklist is not None and checklist.missing:
                return _("还没有认定：%(missing)s。") % {"missing": checklist.missing_text}
            return _("还没有认定。")
        return ""


def _of_share(spans: Sequence[Span], day: date) -> str:
    """Why somebody with a share in the project has none on the day."""
    ended = [end for _start, end in spans if end is not None and end <= day]
    if ended:
        words = {"end": max(ended).isoformat(), "day": day.isoformat()}
        return _("份额到 %(end)s 为止，这件事发生在 %(day)s。") % words
    words = {"start": min(start for start, _end in spans).isoformat(), "day": day.isoformat()}
    return _("份额从 %(start)s 起，这件事发生在 %(day)s，在此之前。") % words

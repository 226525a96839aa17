"""Awards as pages and API read them: proposals of the year's run beside what people decided, and what changed since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpi.access import award as access
from kpi.models import AwardCandidate, AwardDecision, AwardOutcome, AwardState, Proposal, Run
from kpi.queries.award_followed import Followed, followed_of
from kpi.queries.award_words import award_words
from kpi.queries.standing import scheme_of
from promotion.web.formats import number
from staff.models import Account, Person, Team

Key = tuple[str, int]
RELATED = ("person", "team", "run", "proposed_by", "approved_by", "revoked_by")


@dataclass(frozen=True, slots=True)
class AwardRow:
    """A subject of an award: its candidacy in the run, what was decided, and how the run has changed since."""

    candidate: AwardCandidate | None
    decision: AwardDecision | None
    changes: tuple[str, ...] = ()
    followed: Followed | None = None

    @property
    def name(self) -> str:
        if self.candidate is not None and self.candidate.standing is not None:
            return self.candidate.standing.subject_name
        return self.decision.subject_name if self.decision is not None else ""

    @property
    def subject(self) -> Person | Team | None:
        source = self.decision or (self.candidate.standing if self.candidate else None)
        return (source.person or source.team) if source is not None else None

    @property
    def is_person(self) -> bool:
        return isinstance(self.subject, Person)

    @property
    def waits(self) -> bool:
        """Whether it stands for the award and nothing is decided."""
        stands = self.candidate is not None and not self.candidate.passed_over
        return stands and self.decision is None


@dataclass(slots=True)
class AwardBoard:
    """An award of the year with everybody at its places."""

    code: str
    title: str
    is_warning: bool
    words: str = ""
    clause: str = ""
    rows: list[AwardRow] = field(default_factory=list)

    def in_state(self, state: str) -> list[AwardDecision]:
        return [one.decision for one in self.rows if one.decision is not None and one.decision.state == state]

    @property
    def drafts(self) -> list[AwardDecision]:
        return self.in_state(AwardState.DRAFT)

    @property
    def submitted(self) -> list[AwardDecision]:
        return self.in_state(AwardState.SUBMITTED)

    @property
    def waiting(self) -> list[AwardRow]:
        return [one for one in self.rows if one.waits]

    @property
    def stamp(self) -> str:
        return stamp_of(self.submitted)

    @property
    def people(self) -> set[int]:
        return {key for kind, key in self.keys if kind == "person"}

    @property
    def teams(self) -> set[int]:
        return {key for kind, key in self.keys if kind == "team"}

    @property
    def keys(self) -> set[Key]:
        """Everybody at a place of the award, or decided about."""
        return {key_of(one.subject) for one in self.rows if one.subject is not None}


def key_of(subject: Person | Team) -> Key:
    return ("person" if isinstance(subject, Person) else "team", subject.pk)


def stamp_of(decisions: Iterable[AwardDecision]) -> str:
    """What somebody saw of several decisions, to notice that another changed one of them since."""
    return "-".join(f"{one.pk}.{one.version}" for one in sorted(decisions, key=lambda each: each.pk))


def candidates_of(run: Run | None) -> list[AwardCandidate]:
    """Everybody at a place of an award of the run, those passed over too."""
    if run is None:
        return []
    rows = AwardCandidate.objects.filter(run=run, standing__isnull=False)
    return list(rows.select_related("standing__person", "standing__team"))


def candidate_key(candidate: AwardCandidate) -> Key:
    standing = candidate.standing
    if standing is None:
        return ("", 0)
    return ("person", standing.person_id) if standing.person_id else ("team", standing.team_id or 0)


def live_decisions(year: int) -> QuerySet[AwardDecision]:
    """The decisions of a year that are not revoked."""
    return AwardDecision.objects.filter(year=year).exclude(state=AwardState.REVOKED)


def boards_of(year: int, run: Run | None) -> list[AwardBoard]:
    """Every award of the year's scheme with its rows, in the order of the scheme; the number of queries is constant."""
    boards = {board.code: board for board in _empty_boards(run)}
    decided = {(one.award, *one.subject_key): one for one in live_decisions(year).select_related(*RELATED)}
    for candidate in candidates_of(run):
        board = boards.setdefault(
            candidate.award, AwardBoard(candidate.award, candidate.title, candidate.is_warning)
        )
        decision = decided.pop((candidate.award, *candidate_key(candidate)), None)
        board.rows.append(AwardRow(candidate, decision, changes_since(decision, candidate, run)))
    for decision in decided.values():
        board = boards.setdefault(
            decision.award, AwardBoard(decision.award, decision.title, decision.is_warning)
        )
        board.rows.append(AwardRow(None, decision, changes_since(decision, None, run)))
    return list(boards.values())


def with_followed(boards: list[AwardBoard]) -> list[AwardBoard]:
    """The boards with whether what follows each notice is carried out."""
    found = followed_of(row.decision for board in boards for row in board.rows if row.decision is not None)
    for board in boards:
        board.rows = [
            replace(row, followed=found.get(row.decision.pk)) if row.decision is not None else row
            for row in board.rows
        ]
    return boards


def board_of(year: int, run: Run | None, award: str) -> AwardBoard | None:
    """One award of the year."""
    return next((board for board in boards_of(year, run) if board.code == award), None)


def _empty_boards(run: Run | None) -> list[AwardBoard]:
    if run is None:
        return []
    scheme = scheme_of(run)
    return [
        AwardBoard(one.code, one.title, one.warning, award_words(scheme, one), one.clause)
        for one in scheme.awards
    ]


def changes_since(
    decision: AwardDecision | None, candidate: AwardCandidate | None, run: Run | None
) -> tuple[str, ...]:
    """What the run says otherwise than when it was decided, in sentences."""
    if decision is None or run is None or decision.run_id == run.pk:
        return ()
    standing = candidate.standing if candidate is not None else None
    if candidate is None or standing is None:
        return (_("重新核算以后，%(name)s不在这个奖项的名次上。") % {"name": decision.subject_name},)
    found = []
    words: dict[str, object]
    if standing.rank != decision.place:
        words = {"before": decision.place, "after": standing.rank}
        found.append(_("名次由第 %(before)s 名变为第 %(after)s 名。") % words)
    if standing.total != decision.total:
        words = {"before": number(decision.total), "after": number(standing.total)}
        found.append(_("总分由 %(before)s 变为 %(after)s。") % words)
    if candidate.proposal != decision.proposal:
        words = {
            "before": decision.get_proposal_display(),
            "after": str(Proposal(candidate.proposal).label),
        }
        found.append(_("测算建议由“%(before)s”变为“%(after)s”。") % words)
    if candidate.is_tied != decision.is_tied:
        found.append(_("现有并列。") if candidate.is_tied else _("不再并列。"))
    return tuple(found)


def departs(candidate: AwardCandidate, outcome: str) -> bool:
    """Whether an outcome is not what is proposed: anything for a tie or an open question, granting to one who is passed over."""
    if candidate.is_tied or candidate.undecided:
        return True
    return (outcome == AwardOutcome.GRANTED) == candidate.passed_over


def granted_of(actor: Account, year: int) -> QuerySet[AwardDecision]:
    """What is granted in a year, as the account may see it."""
    found = access.award_decisions_visible_to(actor).filter(year=year, state="approved", outcome="granted")
    return found.select_related(*RELATED).order_by("is_warning", "award", "place", "pk")


def awards_of(
    actor: Account, *, person: Person | None = None, team: Team | None = None
) -> Sequence[AwardDecision]:
    """What a person or a team was granted over the years, newest first."""
    found = access.award_decisions_visible_to(actor).filter(state="approved", outcome="granted")
    found = found.filter(person=person) if person is not None else found.filter(team=team)
    return list(found.order_by("-year", "is_warning", "award"))


def candidacies_of(
    actor: Account, run: Run | None, *, person: Person | None = None, team: Team | None = None
) -> list[AwardCandidate]:
    """What a person or a team stands for in the run and is not decided about yet, as the account may see it."""
    if run is None:
        return []
    seen = access.award_candidates_visible_to(actor).filter(run=run, passed_over=False)
    found = seen.filter(standing__person=person) if person is not None else seen.filter(standing__team=team)
    decided = live_decisions(run.year).filter(person=person, team=team, state=AwardState.APPROVED)
    return list(found.exclude(award__in=decided.values("award")).order_by("position"))


def decided_years() -> list[int]:
    """Years with a decision, newest first."""
    return list(AwardDecision.objects.values_list("year", flat=True).distinct().order_by("-year"))

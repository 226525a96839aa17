"""Who sees which scores, and who may start a run or publish a scheme: one short function each."""

from django.db.models import Q, QuerySet

from kpi.models import (
    AssessmentInput,
    InputKind,
    InputPaper,
    InputState,
    LedgerLine,
    Run,
    SchemeVersion,
    Standing,
    Target,
)
from promotion.models import ImportBatch
from staff.access import OVERSEERS, teams_of
from staff.models import Account, Appointment, Role

SEES_ALL = (*OVERSEERS, Role.API_CLIENT)
TARGET_IMPORT = "targets"
INPUT_IMPORT = "inputs"


def runs_visible_to(actor: Account) -> QuerySet[Run]:
    """When and how the year was calculated is open to every account."""
    return Run.objects.all() if actor.is_active else Run.objects.none()


def standings_visible_to(actor: Account) -> QuerySet[Standing]:
    """Rankings are public inside the house (排名公开): totals and ranks, not the items behind them."""
    return Standing.objects.all() if actor.is_active else Standing.objects.none()


def explained_standings_visible_to(actor: Account) -> QuerySet[Standing]:
    """The items behind a total: one's own and one's team's; a leader's members'; everything for overseers."""
    if actor.is_role(*SEES_ALL):
        return Standing.objects.all()
    teams = teams_of(actor).values("pk")
    mine = Q(person=actor.person_id, person__isnull=False) | Q(team__in=teams)
    if actor.is_role(Role.LEADER):
        members = Appointment.objects.filter(team__in=teams).values("person")
        mine |= Q(person__in=members)
    return Standing.objects.filter(mine)


def ledger_lines_visible_to(actor: Account) -> QuerySet[LedgerLine]:
    """The credit lines behind the standings whose items one may open."""
    if actor.is_role(*SEES_ALL):
        return LedgerLine.objects.all()
    teams = teams_of(actor).values("pk")
    mine = Q(person=actor.person_id, person__isnull=False) | Q(team__in=teams) | Q(ranked_team__in=teams)
    if actor.is_role(Role.LEADER):
        mine |= Q(person__in=Appointment.objects.filter(team__in=teams).values("person"))
    return LedgerLine.objects.filter(mine)


def targets_visible_to(actor: Account) -> QuerySet[Target]:
    """Targets are public inside the house."""
    return Target.objects.all() if actor.is_active else Target.objects.none()


def schemes_visible_to(actor: Account) -> QuerySet[SchemeVersion]:
    """Published schemes are open to all; drafts to those who write them."""
    if can_draft_schemes(actor) or actor.is_role(Role.AUDITOR):
        return SchemeVersion.objects.all()
    return SchemeVersion.objects.filter(state="published")


def can_start_run(actor: Account) -> bool:
    """HR, managers and administrators recalculate on demand; so does another system whose token may write."""
    return actor.is_role(Role.HR, Role.MANAGER, Role.ADMINISTRATOR, Role.API_CLIENT)


def can_recompute(actor: Account) -> bool:
    """Who answers for the numbers may have a past run computed again; so may the auditor."""
    return can_start_run(actor) or actor.is_role(Role.AUDITOR)


def can_draft_schemes(actor: Account) -> bool:
    """HR and managers draft and publish, each the other's."""
    return actor.is_role(Role.HR, Role.MANAGER, Role.ADMINISTRATOR)


def can_set_targets(actor: Account) -> bool:
    """HR and managers set targets."""
    return actor.is_role(Role.HR, Role.MANAGER)


def target_imports_visible_to(actor: Account) -> QuerySet[ImportBatch]:
    """The uploaded target tables: those who set targets see them."""
    batches = ImportBatch.objects.filter(kind=TARGET_IMPORT)
    return batches if can_set_targets(actor) else batches.none()


def can_export_ranking(actor: Account) -> bool:
    """HR, managers and auditors take the year-end workbook."""
    return actor.is_role(Role.HR, Role.MANAGER, Role.AUDITOR)


def inputs_visible_to(actor: Account) -> QuerySet[AssessmentInput]:
    """What was recorded: everything for overseers; others see what is confirmed of themselves, their team and its members."""
    if actor.is_role(*SEES_ALL):
        return AssessmentInput.objects.all()
    teams = teams_of(actor).values("pk")
    mine = Q(person=actor.person_id, person__isnull=False) | Q(team__in=teams) | Q(kind=InputKind.RATE)
    if actor.is_role(Role.LEADER):
        mine |= Q(person__in=Appointment.objects.filter(team__in=teams).values("person"))
    return AssessmentInput.objects.filter(mine, state=InputState.CONFIRMED)


def sees_voters(actor: Account) -> bool:
    """Who gave which mark is not for those who are marked."""
    return actor.is_role(*SEES_ALL)


def can_record_inputs(actor: Account) -> bool:
    """HR and managers record what people give an assessment; so does another system whose token may write."""
    return actor.is_role(Role.HR, Role.MANAGER, Role.API_CLIENT)


def can_confirm_inputs(actor: Account) -> bool:
    """HR and managers confirm, each the other's."""
    return actor.is_role(Role.HR, Role.MANAGER)


def input_papers_visible_to(actor: Account) -> QuerySet[InputPaper]:
    """The files behind the inputs one sees; tallies name the voters, so that only overseers open those of ratings."""
    seen = inputs_visible_to(actor)
    if not sees_voters(actor):
        seen = seen.exclude(kind=InputKind.RATING)
    return InputPaper.objects.filter(inputs__in=seen.values("pk")).distinct()


def input_imports_visible_to(actor: Account) -> QuerySet[ImportBatch]:
    """The uploaded tables of inputs: those who record see them."""
    batches = ImportBatch.objects.filter(kind=INPUT_IMPORT)
    return batches if can_record_inputs(actor) else batches.none()

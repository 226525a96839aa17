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
from staff.access import OVERSEERS, assessed_teams_visible_to, people_visible_to, teams_of
from staff.models import Account, Appointment, Person, Role, Team

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
    return Standing.objects.all() if sees_all(actor) else Standing.objects.filter(_near(actor))


def sees_all(actor: Account) -> bool:
    """Overseers, and other systems within their scopes, see what is behind everybody's score."""
    return actor.is_role(*SEES_ALL)


def _near(actor: Account) -> Q:
    """Rows of oneself and one's team; a leader's members'."""
    teams = teams_of(actor).values("pk")
    mine = Q(person=actor.person_id, person__isnull=False) | Q(team__in=teams)
    if actor.is_role(Role.LEADER):
        members = Appointment.objects.filter(team__in=teams).values("person")
        mine |= Q(person__in=members)
    return mine


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
    """Everything for overseers; one's own and one's team's for others, and a leader's members'."""
    return Target.objects.all() if sees_all(actor) else Target.objects.filter(_near(actor))


def target_people_visible_to(actor: Account) -> QuerySet[Person]:
    """The people whose targets one may see."""
    people = people_visible_to(actor)
    if sees_all(actor):
        return people
    own = Q(pk=actor.person_id)
    if actor.is_role(Role.LEADER):
        own |= Q(pk__in=Appointment.objects.filter(team__in=teams_of(actor).values("pk")).values("person"))
    return people.filter(own)


def target_teams_visible_to(actor: Account) -> QuerySet[Team]:
    """The teams and offices whose targets one may see."""
    return assessed_teams_visible_to(actor) if sees_all(actor) else teams_of(actor)


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


def can_rehearse(actor: Account) -> bool:
    """Who drafts schemes tries them out on calculated years, everybody's figures included."""
    return can_draft_schemes(actor)


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

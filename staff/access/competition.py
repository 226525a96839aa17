"""Competition rounds: who sees them and the applications in them, who runs and who announces them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from promotion.models import ImportBatch
from staff.models import (
    Account,
    Application,
    ApplicationState,
    Competition,
    CompetitionState,
    Interview,
    Recusal,
    RequirementClaim,
    Role,
)

SEES_DRAFTS = (Role.MANAGER, Role.HR, Role.AUDITOR, Role.ADMINISTRATOR)
# What is neither a draft nor taken back.
STANDING = [
    each for each in ApplicationState if each not in (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)
]
SEES_APPLICATIONS = (Role.MANAGER, Role.HR, Role.AUDITOR)


def competitions_visible_to(actor: Account) -> QuerySet[Competition]:
    """A round is open to the whole staff once it is announced; before that to those who prepare and watch it."""
    if not actor.is_active:
        return Competition.objects.none()
    if actor.is_role(*SEES_DRAFTS):
        return Competition.objects.all()
    return Competition.objects.exclude(state=CompetitionState.DRAFT).exclude(
        state=CompetitionState.CANCELLED, announced_at=None
    )


def can_run_competitions(actor: Account) -> bool:
    """HR writes rounds, checks applications and plans interviews."""
    return actor.is_role(Role.HR, Role.ADMINISTRATOR)


def can_announce(actor: Account, competition: Competition) -> bool:
    """HR, a manager or an administrator who did not write the round."""
    runs = actor.is_role(Role.HR, Role.MANAGER, Role.ADMINISTRATOR)
    return runs and actor.pk != competition.created_by_id


def can_enter_applications(actor: Account) -> bool:
    """HR types in what was handed in on paper."""
    return actor.is_role(Role.HR)


def application_imports_visible_to(actor: Account, competition: Competition) -> QuerySet[ImportBatch]:
    """The forms of a round that were typed in as a table: personal data, seen by who may write them."""
    batches = ImportBatch.objects.filter(kind=application_import_kind(competition))
    return batches if can_enter_applications(actor) else batches.none()


def application_import_kind(competition: Competition) -> str:
    """What the uploads of a round are kept under."""
    return f"applications-{competition.pk}"


def own_applications(actor: Account) -> QuerySet[Application]:
    """What the person behind the account applied for."""
    if actor.person_id is None:
        return Application.objects.none()
    return Application.objects.filter(person=actor.person_id)


def applications_visible_to(actor: Account) -> QuerySet[Application]:
    """Applicants see their own, judges those that they hear; HR, managers and auditors every one that was handed in."""
    if actor.is_role(*SEES_APPLICATIONS):
        own = Q(person=actor.person_id) if actor.person_id else Q(pk=None)
        return Application.objects.filter(~Q(state=ApplicationState.DRAFT) | own)
    judged = Interview.objects.filter(
        ~Exists(Recusal.objects.filter(application=OuterRef("application"), panelist__account=actor)),
        session__judges__account=actor,
    )
    own = Q(person=actor.person_id) if actor.person_id else Q(pk=None)
    return Application.objects.filter(own | Q(pk__in=judged.values("application")))


def applies_in(actor: Account, competition: Competition) -> bool:
    """Whether the person behind the account stands for a post of the round, and so has a part in how it ends."""
    return own_applications(actor).filter(competition=competition, state__in=STANDING).exists()


def claims_visible_to(actor: Account) -> QuerySet[RequirementClaim]:
    """What is said for a requirement is seen with its application."""
    return RequirementClaim.objects.filter(application__in=applications_visible_to(actor))


def can_check_application(actor: Account, application: Application) -> bool:
    """HR checks applications, never one's own."""
    return actor.is_role(Role.HR) and actor.person_id != application.person_id

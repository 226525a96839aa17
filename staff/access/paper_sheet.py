"""Score sheets written on paper: who types them in, who checks them against the scan, and who sees them before that."""

from django.db.models import QuerySet

from promotion.models import ImportBatch
from staff.models import Account, InterviewSession, Role, SessionJudge, SessionState, StaffPaper

CHECKERS = (Role.HR, Role.AUDITOR, Role.ADMINISTRATOR)


def judges_in(actor: Account, session: InterviewSession) -> bool:
    """Whether the account gives scores in the session."""
    return SessionJudge.objects.filter(session=session, account=actor).exists()


def can_type_scores(actor: Account, session: InterviewSession) -> bool:
    """HR, but not in a session in which the account judges."""
    return actor.is_role(Role.HR) and not judges_in(actor, session)


def can_check_typed_scores(actor: Account, session: InterviewSession, batch: ImportBatch) -> bool:
    """Another of HR, an auditor or an administrator; neither who typed them in nor a judge of the session."""
    return actor.is_role(*CHECKERS) and actor.pk != batch.created_by_id and not judges_in(actor, session)


def score_imports_visible_to(actor: Account, session: InterviewSession) -> QuerySet[ImportBatch]:
    """Scores that wait to be checked are blind to every judge of the session, whatever the role."""
    batches = ImportBatch.objects.filter(kind=score_import_kind(session))
    return batches if actor.is_role(*CHECKERS) and not judges_in(actor, session) else batches.none()


def score_import_kind(session: InterviewSession) -> str:
    """What the uploads of a session are kept under."""
    return f"scores-{session.pk}"


def scans_hidden_from(actor: Account) -> QuerySet[StaffPaper]:
    """Scans of score sheets of open sessions in which the account judges: they show what the others gave."""
    judged = SessionJudge.objects.filter(account=actor, session__state=SessionState.PLANNED)
    return StaffPaper.objects.filter(score_scans__session__in=judged.values("session"))

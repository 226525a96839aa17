"""Log-ins and keys: who sees, gives and closes them."""

from django.db.models import QuerySet

from staff.access.roster import can_change_roster
from staff.models import Account, ApiToken, Invitation, Role

# The roles that HR may give through the roster; the others open doors that only an administrator opens.
ROSTER_ROLES = (Role.OFFICER, Role.LEADER, Role.MANAGER, Role.STAFF)


def tokens_visible_to(actor: Account) -> QuerySet[ApiToken]:
    """Administrators see all tokens; everybody else their own."""
    if actor.role == Role.ADMINISTRATOR:
        return ApiToken.objects.all()
    return ApiToken.objects.filter(account=actor)


def can_manage_accounts(actor: Account) -> bool:
    """Administrators keep accounts and tokens."""
    return actor.is_role(Role.ADMINISTRATOR)


def accounts_visible_to(actor: Account) -> QuerySet[Account]:
    """Administrators see all accounts, auditors read them; everybody else their own."""
    if actor.is_role(Role.ADMINISTRATOR, Role.AUDITOR):
        return Account.objects.all()
    return Account.objects.filter(pk=actor.pk)


def invitations_visible_to(actor: Account) -> QuerySet[Invitation]:
    """Administrators and auditors see who was invited when; of a link only its digest is kept."""
    sees = actor.is_role(Role.ADMINISTRATOR, Role.AUDITOR)
    return Invitation.objects.all() if sees else Invitation.objects.none()


def roles_given_by(actor: Account) -> tuple[Role, ...]:
    """The roles that this account may give to, or take from, a log-in."""
    if can_manage_accounts(actor):
        return tuple(Role)
    return ROSTER_ROLES if can_change_roster(actor) else ()


def can_revoke(actor: Account, token: ApiToken) -> bool:
    """Administrators revoke any token, everybody their own."""
    return can_manage_accounts(actor) or token.account_id == actor.pk

"""What is read of invitations."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import QuerySet
from django.utils import timezone

from staff.access import accounts_visible_to
from staff.models import Account, Invitation, Role


def invitation_by_key(digest: str) -> Invitation | None:
    """The invitation whose key has this digest: who holds the key may see it."""
    return Invitation.objects.select_related("account", "issued_by").filter(key_hash=digest).first()


def waiting_for_invitation(actor: Account) -> QuerySet[Account]:
    """Open log-ins without a password that nobody has used yet and that have no live invitation."""
    live = Invitation.objects.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())
    return (
        accounts_visible_to(actor)
        .filter(is_active=True, last_login=None, password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .exclude(role=Role.API_CLIENT)
        .exclude(pk__in=live.values("account"))
    )

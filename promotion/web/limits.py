"""Which pages a role opens that opens only some (settings.LIMITED_ROLES); every other role opens what its access rules say."""

from django.conf import settings


def is_limited(role: str) -> bool:
    """Whether the role opens only some pages."""
    return role in settings.LIMITED_ROLES


def may_open(role: str, url_name: str) -> bool:
    """Whether the role may open the address of this name."""
    limit = settings.LIMITED_ROLES.get(role)
    return limit is None or url_name.startswith(limit[1])

"""Who closes a year, reopens it, and takes what leaves the house of it: one short function each."""

from django.db.models import QuerySet

from kpi.models import YearRequest
from staff.models import Account, Role


def can_take_books(actor: Account) -> bool:
    """HR, managers and auditors take official tables; each table says further who may."""
    return actor.is_role(Role.HR, Role.MANAGER, Role.AUDITOR)


def sees_closing(actor: Account) -> bool:
    """Who answers for the year sees its checks, requests and seals; so do auditors, administrators and other systems."""
    return actor.is_role(Role.HR, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR, Role.API_CLIENT)


def can_prepare_closing(actor: Account) -> bool:
    """HR prepares the close."""
    return actor.is_role(Role.HR)


def can_close_years(actor: Account) -> bool:
    """A manager closes what HR prepared."""
    return actor.is_role(Role.MANAGER)


def can_ask_reopening(actor: Account) -> bool:
    """HR and managers ask for a closed year to be opened again."""
    return actor.is_role(Role.HR, Role.MANAGER)


def can_grant_reopening(actor: Account) -> bool:
    """HR and managers grant it, each the other's."""
    return actor.is_role(Role.HR, Role.MANAGER)


def can_take_bundles(actor: Account) -> bool:
    """Only auditors take the bundle: it names voters, and investors whom others may not see."""
    return actor.is_role(Role.AUDITOR)


def year_requests_visible_to(actor: Account) -> QuerySet[YearRequest]:
    """The requests to close and reopen, to those who see the close."""
    return YearRequest.objects.all() if sees_closing(actor) else YearRequest.objects.none()

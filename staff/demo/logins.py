"""The cast that a visitor of the demo signs in as."""

from staff.models import Account, Role

DEMO_PASSWORD = "zhaoshang-2026"  # noqa: S105 printed at every start of a demo house
# The cast a visitor can sign in as: key, log-in, name, role. The first two are in the roster.
CAST: tuple[tuple[str, str, str, Role], ...] = (
    ("officer", "zs005", "", Role.OFFICER),
    ("leader", "zs001", "", Role.LEADER),
    ("manager", "manager", "陆远舟（演示）", Role.MANAGER),
    ("deputy", "deputy", "沈知行（演示）", Role.MANAGER),
    ("hr", "hr-office", "顾清和（演示）", Role.HR),
    ("auditor", "auditor", "严守正（演示）", Role.AUDITOR),
    ("staff", "jiguan", "周予安（演示）", Role.STAFF),
    ("api", "api", "数据接口（演示）", Role.API_CLIENT),
)


def logins() -> list[tuple[str, str, str]]:
    """(role, log-in, name) of the demo accounts that are there and open."""
    names = ["admin", *(username for _key, username, _name, role in CAST if role != Role.API_CLIENT)]
    found = Account.objects.filter(username__in=names, is_active=True).in_bulk(field_name="username")
    return [
        (str(found[name].get_role_display()), name, found[name].display_name)
        for name in names
        if name in found
    ]

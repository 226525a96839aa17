"""Work that an officer lends to a colleague."""

from datetime import timedelta

from django.utils import timezone

from projects.models import Project
from staff import actions
from staff.models import Account
from tests.factories.staff import make_account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    lender, today = make_account(), timezone.localdate()
    assert lender.person is not None
    assert officer.person is not None
    delegation = actions.delegate_work(
        actor=lender,
        principal=lender.person,
        delegate=officer.person,
        starts_on=today,
        ends_on=today + timedelta(days=1),
        reason="出差",
    )
    return {"delegation-end": delegation, "stand-in": delegation}

"""An invitation that is out, with its link."""

from types import SimpleNamespace

from projects.models import Project
from staff import actions
from staff.models import Account, Role
from tests.factories.staff import make_account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    administrator = make_account(Role.ADMINISTRATOR)
    invitation, key = actions.invite_account(actor=administrator, account=make_account())
    return {"invitation": SimpleNamespace(key=key), "staff:invitation-revoke": invitation}

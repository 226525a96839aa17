"""A blocker of the visited project with a link to its department."""

from types import SimpleNamespace

from projects import actions
from projects.models import Project
from staff.models import Account
from tests.factories.departments import make_contact, make_department


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    department = make_department("visited-power", "供电公司（访问）")
    blocker = actions.raise_blocker(
        actor=officer,
        project=project,
        department=department,
        contact=make_contact(department),
        title="外线接入方案未批",
    )
    link, key = actions.issue_link(actor=officer, blocker=blocker)
    return {
        "projects:blocker": blocker,
        "projects:blocker-new": project,
        "projects:blocker-link": blocker,
        "projects:blocker-move": SimpleNamespace(public_id=blocker.public_id, verb="note"),
        "projects:link-revoke": SimpleNamespace(public_id=blocker.public_id, pk=link.pk),
        "answer": SimpleNamespace(key=key),
    }

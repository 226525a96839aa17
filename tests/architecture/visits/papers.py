"""A paper of the staff file that HR handed in."""

import hashlib

from django.core.files.base import ContentFile

from projects.models import Project
from staff.models import Account, Role, StaffPaper
from tests.factories.staff import make_account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    hr = make_account(Role("hr"))
    paper = StaffPaper.objects.create(
        title="合同.txt",
        file=ContentFile("甲方".encode(), name="contract.txt"),
        content_type="text/plain",
        size=6,
        digest=hashlib.sha256("甲方".encode()).hexdigest(),
        uploaded_by=hr,
    )
    return {"staff:paper*": paper}

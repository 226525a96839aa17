"""A first reception of the officer's team, and a case about it."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from projects.models import Arbitration, ArbitrationPaper, FirstReception, Project
from staff.models import Account
from tests.factories.staff import make_account, make_team


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    today = timezone.localdate()
    claimant = make_account(team=make_team())
    assert claimant.person is not None
    held = FirstReception.objects.create(
        company=project.company,
        person=project.owner,
        team=project.team,
        protected_until=today + timedelta(days=90),
    )
    case = Arbitration.objects.create(
        year=2026,
        number=1,
        reception=held,
        claimant=claimant.person,
        claimant_team=claimant.person.appointments.get().team,
        respondent=project.owner,
        respondent_team=project.team,
        grounds="先接触",
        statements_due=today,
        opened_by=claimant,
    )
    paper = ArbitrationPaper.objects.create(
        arbitration=case,
        party="claimant",
        title="邮件.txt",
        file=ContentFile("往来邮件", name="mail.txt"),
        content_type="text/plain",
        size=12,
        digest="0" * 64,
        uploaded_by=claimant,
    )
    return {
        "projects:reception-*": held,
        "projects:confirm-progress": project,
        "projects:arbitration": case,
        "projects:arbitration-*": case,
        "projects:arbitration-paper": paper,
    }

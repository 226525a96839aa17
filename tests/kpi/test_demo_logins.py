"""What the terminal shows after the first start, and what the demo finds in a new house."""

from unicodedata import east_asian_width

import pytest
from django.core.management import call_command

from kpi.management.commands.demo import begin_checklist
from projects.models import EvidenceRequirement
from staff.demo.logins import DEMO_PASSWORD
from staff.models import Account, Role
from tests.factories.staff import make_account

pytestmark = pytest.mark.django_db


def columns_before(line: str, word: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line[: line.index(word)])


def test_log_ins_stand_in_columns_however_wide_the_role(capsys: pytest.CaptureFixture[str]) -> None:
    Account.objects.filter(pk=make_account(Role.OFFICER).pk).update(username="zs005")
    Account.objects.filter(pk=make_account(Role.HR).pk).update(username="hr-office")
    Account.objects.filter(pk=make_account(Role.ADMINISTRATOR).pk).update(username="admin")

    call_command("demo_logins")

    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[1] for line in lines]
    assert names == ["admin", "zs005", "hr-office"]
    assert len({columns_before(line, DEMO_PASSWORD) for line in lines}) == 1
    assert len({columns_before(line, name) for line, name in zip(lines, names, strict=True)}) == 1


def test_nothing_is_printed_without_the_demo_accounts(capsys: pytest.CaptureFixture[str]) -> None:
    make_account(Role.OFFICER)

    call_command("demo_logins")

    assert capsys.readouterr().out == ""


def test_checklist_is_begun_once_in_a_new_house_and_in_an_emptied_one(manager: Account) -> None:
    EvidenceRequirement.objects.all().delete()
    begin_checklist(manager)
    written = EvidenceRequirement.objects.count()

    begin_checklist(manager)

    assert written > 0
    assert EvidenceRequirement.objects.count() == written

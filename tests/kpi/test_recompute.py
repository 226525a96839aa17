"""A past run computed again agrees to the digit as long as its inputs stand, and says so when they do not."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from kpi.actions.run import execute_run, recompute_run, request_run
from kpi.models import Run, Standing, Target
from kpi.queries.recompute import recompute
from promotion.errors import NotAllowed, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share

pytestmark = pytest.mark.django_db
YEAR = 2025


def run_once() -> Run:
    run = execute_run(run_id=request_run(actor=None, year=YEAR).pk)
    assert run is not None
    return run


def sign(account: Account, manager: Account) -> None:
    project = make_project(account)
    make_share(project, account.person, 100, holds_from=date(YEAR, 1, 1))  # type: ignore[arg-type]
    make_recognised(project, account, manager, happened_on=date(YEAR, 3, 1))


@pytest.fixture
def first(officer: Account, outsider: Account, manager: Account) -> Run:
    make_scheme(YEAR)
    for account, amount in ((officer, 3), (outsider, 7)):
        sign(account, manager)
        Target.objects.create(year=YEAR, indicator="signings", person=account.person, amount=amount)
    return run_once()


def test_an_earlier_run_agrees_whatever_happened_since(
    first: Run, officer: Account, manager: Account
) -> None:
    sign(officer, manager)
    make_scheme(YEAR)
    second = run_once()

    found = recompute(first)

    assert (found.same_inputs, found.agrees, found.subjects) == (True, True, first.standings.count())
    assert recompute(second).agrees
    assert (
        first.standings.get(person=officer.person).total != second.standings.get(person=officer.person).total
    )


def test_changed_targets_are_told_apart_from_wrong_results(first: Run, officer: Account) -> None:
    Target.objects.filter(person=officer.person).update(amount=2)
    changed = recompute(first)
    assert not changed.same_inputs
    (difference,) = [one for one in changed.differences if one.subject == officer.display_name]
    assert (difference.total_then, difference.total_now) == (Decimal("16.67"), Decimal(25))

    Target.objects.filter(person=officer.person).update(amount=3)
    Standing.objects.filter(run=first, person=officer.person).update(total=Decimal(99))
    wrong = recompute(first)
    assert (wrong.same_inputs, wrong.agrees) == (True, False)


def test_who_may_recompute_and_that_it_is_recorded(
    first: Run, officer: Account, auditor: Account, hr: Account
) -> None:
    with pytest.raises(NotAllowed):
        recompute_run(actor=officer, run=first)
    recompute_run(actor=auditor, run=first)
    entry = AuditEntry.objects.get(verb="run.recompute")
    assert entry.detail == {"same_inputs": True, "subjects": first.standings.count(), "differences": 0}
    with pytest.raises(Refused, match="已完成"):
        recompute_run(actor=hr, run=request_run(actor=hr, year=YEAR))


def test_page_api_and_command_say_the_same(
    first: Run, officer: Account, auditor: Account, hr: Account, client_as: Callable[[Account], Client]
) -> None:
    address = reverse("kpi:run-recompute", args=[first.public_id])
    assert "复算并核对" in client_as(auditor).get(reverse("kpi:run", args=[first.public_id])).content.decode()
    assert client_as(officer).post(address).status_code == 403
    assert "都与当时一致" in client_as(auditor).post(address).content.decode()
    told = client_as(hr).post(f"/api/runs/{first.public_id}/recompute/").json()
    assert (told["agrees"], told["same_inputs"], told["differences"]) == (True, True, [])
    out = StringIO()
    call_command("recalculate", "--year", str(YEAR), "--compare", stdout=out)
    assert "subjects agree, same inputs" in out.getvalue()

    Standing.objects.filter(run=first, person=officer.person).update(rank=9)
    text = client_as(auditor).post(address).content.decode()
    assert "请停止使用这次结果" in text
    with pytest.raises(CommandError, match="1 differ, same inputs"):
        call_command("recalculate", "--year", str(YEAR), "--compare", stdout=StringIO())

"""What changed since the publicity lists itself: every subject that differs, why, and whether an objection led to it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpi.actions.publicity_final import finalise_publicity
from kpi.actions.score_objection import decide_score_objection, settle_remedy
from kpi.models import Publicity
from kpi.queries.publicity_changes import changes_since
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.publicity import assess, calculate, object_to, pass_window, publicise, sign_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(officer: Account, outsider: Account, leader: Account, manager: Account, hr: Account) -> Publicity:
    assess(officer, outsider, leader, manager=manager)
    return publicise(hr, manager)


def settle(public: Publicity, officer: Account, manager: Account) -> Publicity:
    """The officer's objection is upheld, a signing recognised, and the list drawn."""
    made = object_to(public, officer)
    decide_score_objection(actor=manager, objection=made, outcome="upheld", reason="属实")
    fact = sign_for(officer, manager)
    settle_remedy(actor=manager, objection=made, kind="achievement", text="补认定", achievement=fact)
    calculate()
    return finalise_publicity(actor=manager, publicity=pass_window(public))


def test_nothing_differs_before_anything_happened(public: Publicity, manager: Account) -> None:
    assert changes_since(manager, public).subjects == ()
    calculate()
    assert changes_since(manager, public).subjects == ()


def test_the_list_tells_objection_others_moves_and_what_nobody_objected_to(
    public: Publicity, officer: Account, outsider: Account, leader: Account, manager: Account
) -> None:
    sign_for(outsider, manager, kind="incident", happened_on=date(2025, 4, 1))
    final = settle(public, officer, manager)

    found = changes_since(manager, final)

    told = {one.standing.subject_name: (one.ground, one.points) for one in found.subjects}
    first, second = (
        account.person.appointments.get().team.name
        for account in (officer, outsider)  # type: ignore[union-attr]
    )
    assert told == {
        officer.person.name: ("异议采纳", Decimal("12.5")),  # type: ignore[union-attr]
        first: ("异议采纳", Decimal("12.5")),
        outsider.person.name: ("没有异议的变动", Decimal(-2)),  # type: ignore[union-attr]
        second: ("没有异议的变动", Decimal(-2)),
        leader.person.name: ("随他人变动", Decimal(0)),  # type: ignore[union-attr]
    }
    mine = next(one for one in found.subjects if one.standing.person == officer.person)
    (item,) = mine.items
    assert (item.item.title, item.words, item.found.points) == ("项目签约", "12.5 → 25", Decimal("12.5"))
    assert "新认定入账" in item.cause_words
    assert mine.found.rest == 0
    assert mine.total_words == "12.50 → 25.00"


def test_everybody_reads_the_final_list_of_changes_and_details_only_of_what_one_may_open(
    public: Publicity,
    officer: Account,
    outsider: Account,
    auditor: Account,
    manager: Account,
    client_as: Callable[[Account], Client],
) -> None:
    here = f"/year/publicity/{public.public_id}/changes/"
    assert client_as(officer).get(here).status_code == 403
    assert "没有变动" in client_as(auditor).get(here).text
    settle(public, officer, manager)
    at_officer, at_outsider = client_as(officer).get(here).text, client_as(outsider).get(here).text
    assert "新认定入账" in at_officer
    assert "新认定入账" not in at_outsider
    assert "明细只对" in at_outsider
    assert "异议采纳" in at_outsider
    assert "/year/objections/" in at_officer
    assert "/year/objections/" not in at_outsider


def test_the_lists_and_the_notice_are_taken_out_by_those_who_may_and_recorded(
    public: Publicity,
    officer: Account,
    manager: Account,
    hr: Account,
    client_as: Callable[[Account], Client],
) -> None:
    settle(public, officer, manager)
    base = f"/year/publicity/{public.public_id}/"
    at_hr = client_as(hr)
    changes = openpyxl.load_workbook(BytesIO(at_hr.get(f"{base}changes.xlsx").content)).active
    cells = [cell for row in changes.iter_rows(values_only=True) for cell in row]
    assert officer.person.name in cells  # type: ignore[union-attr]
    assert "异议采纳" in cells
    objections = openpyxl.load_workbook(BytesIO(at_hr.get(f"{base}objections.xlsx").content)).active
    assert "补认定" in [cell for row in objections.iter_rows(values_only=True) for cell in row]
    for body in ("centre", "bureau"):
        paper = at_hr.get(f"{base}notice.pdf?body={body}")
        assert paper.content.startswith(b"%PDF")
    for name in ("changes.xlsx", "objections.xlsx", "notice.pdf"):
        assert client_as(officer).get(f"{base}{name}").status_code == 403
    assert AuditEntry.objects.filter(verb="publicity.export").count() == 4


def test_more_changes_cost_no_more_queries(
    public: Publicity, officer: Account, outsider: Account, leader: Account, manager: Account
) -> None:
    counts = []
    for account in (officer, outsider, leader):
        sign_for(account, manager)
        calculate()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = changes_since(manager, Publicity.objects.select_related("run__scheme", "final_run").get())
        counts.append((len(asked), len(found.subjects)))
    assert counts[0][1] < counts[2][1]
    assert counts[0][0] == counts[2][0]

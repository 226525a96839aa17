"""Plots and plants as workbooks: what the list shows, with what is free, and never for whom a place is kept."""

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.sites import make_plant, make_plot

pytestmark = pytest.mark.django_db


def rows(actor: Account, url: str) -> list[dict[str, Any]]:
    browser = Client()
    browser.force_login(actor)
    answer = browser.get(url)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    head = next(place for place, line in enumerate(lines) if "园区" in line)
    return [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :] if any(line)]


def test_a_workbook_holds_what_the_list_is_narrowed_to(officer: Account, manager: Account) -> None:
    kept = make_plot(manager, park="main", number="A-01", area=Decimal("36.5"))
    make_plot(manager, park="qingyang", number="B-02")
    plant = make_plant(manager, park="main", building="一号楼", floor="2层", plot=kept)

    plots = rows(officer, "/sites/plots/workbook/?park=main")
    plants = rows(officer, "/sites/plants/workbook/")

    assert [(row["地块编号"], row["面积（亩）"], row["可用（亩）"]) for row in plots] == [
        ("A-01", 36.5, 36.5)
    ]
    assert [(row["楼栋"], row["楼层"], row["所在地块"]) for row in plants] == [("一号楼", "2层", "A-01")]
    assert plants[0]["面积（㎡）"] == float(plant.area)
    entry = AuditEntry.objects.filter(verb="site.export").order_by("pk").first()
    assert entry is not None
    assert (entry.detail["rows"], entry.detail["query"]) == (1, "park=main")


@pytest.mark.parametrize("count", [1, 3])
def test_a_workbook_costs_the_same_however_many_places(
    officer: Account, manager: Account, count: int
) -> None:
    for number in range(count):
        make_plant(manager, building=f"{number}号楼", plot=make_plot(manager, number=f"C-{number}"))
    browser = Client()
    browser.force_login(officer)
    with CaptureQueriesContext(connection) as queries:
        browser.get("/sites/plants/workbook/")
    assert len(queries) <= 9

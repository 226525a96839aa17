"""Targets in the API: who sees and sets which, the seen value, what is missing, spreading, copying, and the workbook."""

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoAssertNumQueries

from kpi.models import Target
from promotion.models import AuditEntry, ImportBatch
from staff.models import Account, Role, Team
from tests.factories.kpi import make_scheme
from tests.factories.staff import make_account
from tests.factories.stories import recalculate
from tests.kpi.test_target_pages import put
from tests.projects.test_evidence_api import Caller

pytestmark = pytest.mark.django_db

YEAR = 2025
BOTH = ["kpi:read", "kpi:write"]


@pytest.fixture(autouse=True)
def scheme(db: None) -> None:
    make_scheme(YEAR)


def number(account: Account) -> str:
    assert account.person
    return account.person.staff_number


def row(subject: Account | Team, amount: str | None, **more: Any) -> dict[str, Any]:
    whose = {"team": subject.code} if isinstance(subject, Team) else {"person": number(subject)}
    return {"indicator": "signings", "amount": amount, **whose, **more}


def amounts() -> dict[str, Decimal]:
    return {one.period: one.amount.normalize() for one in Target.objects.all()}


def test_many_are_set_and_withdrawn_from_the_value_that_was_read(hr: Account, first_team: Team) -> None:
    call = Caller(hr, BOTH)
    made = call.post(
        "/api/targets/", {"year": YEAR, "rows": [row(first_team, "8"), row(first_team, "2", period="Q1")]}
    )
    assert (made.status_code, made.json()["written"]) == (200, 2)
    assert made.json()["targets"][0] == {
        "year": YEAR, "indicator": "signings", "title": "签约任务", "person": None, "team": "GJ1",
        "name": "项目攻坚一队", "period": "year", "level": "base", "amount": "8.0000", "unit": "个",
    }  # fmt: skip

    late = call.post("/api/targets/", {"year": YEAR, "rows": [row(first_team, "9", seen="7")]})
    new = call.post("/api/targets/", {"year": YEAR, "rows": [row(first_team, "9", seen=None)]})
    right = call.post(
        "/api/targets/",
        {
            "year": YEAR,
            "rows": [row(first_team, "9", seen="8.00"), row(first_team, None, period="Q1", seen="2")],
        },
    )

    assert (late.status_code, new.status_code, right.status_code) == (409, 409, 200)
    said = late.json()["fields"]["rows.0"]
    assert f"已由{hr.display_name}于" in said
    assert "改为 8，您看到的是 7。没有写入任何一行" in said
    assert "您看到的是 未下达" in new.json()["message"]
    assert amounts() == {"year": Decimal(9)}


def test_one_key_writes_once(hr: Account, first_team: Team) -> None:
    call, body = Caller(hr, BOTH), {"year": YEAR, "rows": [row(first_team, "8", seen=None)]}

    first = call("post", "targets/", body, idempotency_key="t1")
    again = call("post", "targets/", body, idempotency_key="t1")

    assert (first.status_code, again.status_code, first.json()) == (200, 200, again.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert AuditEntry.objects.filter(verb="target.set-many").count() == 1


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"indicator": "visits"}, 422, "rows.1"),
        ({"amount": "-1"}, 422, "rows.1"),
        ({"person": "nobody", "team": None}, 422, "rows.1.person"),
        ({"team": "nowhere"}, 422, "rows.1.team"),
        ({"team": None}, 422, "rows.1"),
        ({"period": "Q5"}, 400, "rows"),
        ({"amount": "很多"}, 400, "rows"),
        ({"value": "3"}, 400, "rows"),
    ],
)
def test_one_wrong_row_writes_nothing(
    hr: Account, first_team: Team, officer: Account, change: dict[str, Any], status: int, field: str
) -> None:
    rows = [row(officer, "4"), {**row(first_team, "8"), **change}]

    reply = Caller(hr, BOTH).post("/api/targets/", {"year": YEAR, "rows": rows})

    assert (reply.status_code, list(reply.json()["fields"])) == (status, [field])
    assert amounts() == {}


def test_who_sees_and_who_sets(
    hr: Account,
    manager: Account,
    auditor: Account,
    leader: Account,
    officer: Account,
    colleague: Account,
    outsider: Account,
    first_team: Team,
    second_team: Team,
) -> None:
    for subject in (first_team, second_team, officer, colleague, outsider):
        put(hr, subject, year="4")
    team, other = first_team.name, second_team.name
    own, near, far = (one.display_name for one in (officer, colleague, outsider))
    system = make_account(Role.API_CLIENT)
    expected = {
        hr: {team, other, own, near, far},
        manager: {team, other, own, near, far},
        auditor: {team, other, own, near, far},
        system: {team, other, own, near, far},
        leader: {team, own, near},
        officer: {team, own},
        outsider: {other, far},
    }

    for account, names in expected.items():
        call = Caller(account, BOTH)
        assert {one["name"] for one in call.get(f"/api/targets/?year={YEAR}").json()["results"]} == names
        wrote = call.post("/api/targets/", {"year": YEAR, "rows": [row(first_team, "4")]})
        assert wrote.status_code == (200 if account in (hr, manager) else 403)
        assert call.get("/api/target-previews/").status_code == (200 if account in (hr, manager) else 403)


def test_the_list_is_narrowed_and_a_misspelt_filter_refused(
    hr: Account, officer: Account, first_team: Team
) -> None:
    put(hr, first_team, year="4", Q1="1", Q2="1")
    put(hr, officer, year="4")
    call = Caller(hr, BOTH)

    def found(query: str) -> list[tuple[str, str]]:
        rows = call.get(f"/api/targets/?{query}").json()["results"]
        return [(one["team"] or one["person"], one["period"]) for one in rows]

    assert found("team=GJ1&period=Q1&period=Q2") == [("GJ1", "Q1"), ("GJ1", "Q2")]
    assert found("subject=person") == found(f"person={number(officer)}") == [(number(officer), "year")]
    assert found("level=stretch") == found("year=2024") == found("indicator=other") == []
    assert call.get("/api/targets/?quarter=1").status_code == 400


def test_what_is_missing_or_does_not_add_up(hr: Account, officer: Account, first_team: Team) -> None:
    put(hr, first_team, year="4", H1="1", H2="2")
    call = Caller(hr, BOTH)

    missing = call.get(f"/api/targets/check/?year={YEAR}&kind=missing").json()["results"]
    differing = call.get(f"/api/targets/check/?year={YEAR}&kind=differing").json()["results"]

    assert [(one["person"], one["indicator"], one["sentence"]) for one in missing] == [
        (number(officer), "signings", "没有下达，有关指标待定。")
    ]
    assert [(one["team"], one["amount"], one["parts"], one["is_missing"]) for one in differing] == [
        ("GJ1", "4.0000", "3.0000", False)
    ]
    assert call.get(f"/api/targets/check/?year={YEAR}").json()["count"] == 2
    assert call.get("/api/targets/check/?kind=other").status_code == 422
    assert Caller(officer, BOTH).get(f"/api/targets/check/?year={YEAR}").json()["count"] == 2


def test_progress_and_history_of_a_target(
    hr: Account, officer: Account, outsider: Account, first_team: Team
) -> None:
    put(hr, first_team, year="4")
    put(hr, first_team, year="6")
    recalculate(year=YEAR)
    call = Caller(hr, BOTH)

    whole = call.get(f"/api/targets/progress/?year={YEAR}&team=GJ1").json()["results"]
    quarter = call.get(f"/api/targets/progress/?year={YEAR}&period=Q1&team=GJ1").json()["results"]
    written = call.get(f"/api/targets/history/?year={YEAR}&team=GJ1&indicator=signings").json()

    assert [(one["name"], one["base"], one["reached"], one["ratio"]) for one in whole] == [
        (first_team.name, "6.0000", "0.0000", "0.0000"),
        (officer.display_name, None, "0.0000", None),
    ]
    assert [(one["base"], one["reached"]) for one in quarter] == [(None, "0.0000"), (None, "0.0000")]
    assert [(one["who"], one["changes"][0]["before"], one["changes"][0]["amount"]) for one in written] == [
        (hr.display_name, "4.0000", "6.0000"),
        (hr.display_name, None, "4.0000"),
    ]
    stranger = Caller(outsider, BOTH)
    for address in (f"progress/?year={YEAR}&team=GJ1", f"history/?year={YEAR}&team=GJ1&indicator=signings"):
        assert stranger.get(f"/api/targets/{address}").status_code == 404


def test_a_year_is_spread_looked_at_and_written(hr: Account, first_team: Team) -> None:
    put(hr, first_team, year="10")
    call = Caller(hr, BOTH)
    plan = {"year": YEAR, "team": "GJ1", "grains": ["quarter"], "digits": 0}

    kept = call.post(
        "/api/target-previews/spread/", plan | {"method": "weights", "weights": ["1", "2", "3", "4"]}
    )
    base = f"/api/target-previews/{kept.json()['public_id']}/"
    rows = call.get(f"{base}rows/").json()["results"]
    applied, again = call.post(f"{base}apply/", {}), call.post(f"{base}apply/", {})

    assert (kept.status_code, kept.json()["new"], kept.json()["state"]) == (201, 4, "previewed")
    assert [(one["team"], one["period"], one["old"], one["new"]) for one in rows] == [
        ("GJ1", "Q1", "", "1"), ("GJ1", "Q2", "", "2"), ("GJ1", "Q3", "", "3"), ("GJ1", "Q4", "", "4"),
    ]  # fmt: skip
    assert (applied.status_code, applied.json()["state"], again.status_code) == (200, "applied", 422)
    assert amounts() == {"year": 10, "Q1": 1, "Q2": 2, "Q3": 3, "Q4": 4}
    few = call.post("/api/target-previews/spread/", plan | {"method": "weights", "weights": ["1"]})
    assert (few.status_code, few.json()["fields"]) == (422, {"weights": "这里要 4 个比重，填了 1 个。"})
    unknown = call.post("/api/target-previews/spread/", plan | {"indicators": ["other"]})
    assert (unknown.status_code, list(unknown.json()["fields"])) == (422, ["indicators"])


def test_an_earlier_year_is_copied_and_a_changed_value_stops_the_preview(
    hr: Account, first_team: Team
) -> None:
    make_scheme(2024)
    put(hr, first_team, in_year=2024, year="10")
    call = Caller(hr, BOTH)
    plan = {"year": YEAR, "from_year": 2024, "factor": "110", "scope": "teams"}

    kept = call.post("/api/target-previews/copy/", plan)
    base = f"/api/target-previews/{kept.json()['public_id']}/"
    put(hr, first_team, year="7")
    stopped = call.post(f"{base}apply/", {})
    put_aside = call.post(f"{base}discard/", {})

    assert (kept.status_code, kept.json()["file_name"]) == (201, "复制 2024 年目标（110.00%）")
    assert (stopped.status_code, put_aside.json()["state"]) == (409, "discarded")
    assert amounts() == {"year": Decimal(7)}
    none = call.post("/api/target-previews/copy/", plan | {"from_year": 2020})
    assert (none.status_code, list(none.json()["fields"])) == (422, ["from_year"])


def test_the_workbook_goes_out_and_comes_back(hr: Account, officer: Account, first_team: Team) -> None:
    call = Caller(hr, BOTH)
    book = openpyxl.load_workbook(io.BytesIO(call.get(f"/api/targets/workbook/?year={YEAR}").content))
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    for line in sheet.iter_rows(min_row=2):
        if line[headings.index("档次")].value == "基本":
            is_team = line[headings.index("代码/工号")].value == "GJ1"
            line[headings.index("全年")].value = 12 if is_team else "许多"
    stream = io.BytesIO()
    book.save(stream)
    file = SimpleUploadedFile("目标.xlsx", stream.getvalue())

    kept = call.upload("/api/target-previews/", {"year": YEAR, "file": file})
    base = f"/api/target-previews/{kept.json()['public_id']}/"
    refused = call.get(f"{base}rejected/").json()["results"]

    assert (kept.status_code, kept.json()["new"], kept.json()["rejected"]) == (201, 1, 1)
    assert "“许多”不是有效的数" in refused[0]["reasons"][0]
    assert call.get(f"{base}workbook/").headers["Content-Disposition"].startswith("attachment")
    assert call.post(f"{base}apply/", {}).status_code == 200
    assert amounts() == {"year": Decimal(12)}
    broken = call.upload("/api/target-previews/", {"year": YEAR, "file": SimpleUploadedFile("a.pdf", b"x")})
    assert (broken.status_code, ImportBatch.objects.count()) == (422, 1)


def test_scopes_hold(hr: Account) -> None:
    assert Caller(hr, ["projects:read"]).get("/api/targets/").status_code == 403
    assert Caller(hr, ["kpi:read"]).post("/api/targets/", {"year": YEAR, "rows": []}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_for_three(
    hr: Account, first_team: Team, django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _each in range(count):
        put(hr, make_account(team=first_team), year="4")
    recalculate(year=YEAR)
    call = Caller(hr, BOTH)
    call.get(f"/api/targets/?year={YEAR}")

    with django_assert_max_num_queries(7):
        call.get(f"/api/targets/?year={YEAR}")
    with django_assert_max_num_queries(22):
        call.get(f"/api/targets/progress/?year={YEAR}")

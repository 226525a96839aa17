"""The page of the working calendar, the corrections, and their API."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from promotion.actions import correct_calendar, withdraw_correction
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, CalendarCorrection
from promotion.web.calendar import read_days
from promotion.working_days import working_calendar
from staff.models import Account

ClientAs = Callable[[Account], Client]


def test_lines_of_a_notice_are_read_as_days() -> None:
    text = "2027-02-05 至 2027-02-07 休\n2027年1月31日 班\n\n2027.02.20 上班\n2027-02-08~02-09休"

    assert read_days(text) == {
        date(2027, 2, 5): False,
        date(2027, 2, 6): False,
        date(2027, 2, 7): False,
        date(2027, 1, 31): True,
        date(2027, 2, 20): True,
        date(2027, 2, 8): False,
        date(2027, 2, 9): False,
    }


@pytest.mark.parametrize(
    "line",
    [
        "2027-02-30 休",
        "2027-02-05",
        "下周三 班",
        "2027-02-07 至 2027-02-05 休",
        "2027-01-01 至 2027-12-31 休",
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(Refused, match="第 2 行看不懂"):
        read_days(f"2027-02-05 休\n{line}")


@pytest.mark.django_db
def test_hr_corrects_days_and_everything_counts_by_them(hr: Account, officer: Account) -> None:
    days = {date(2027, 2, 8): False, date(2027, 1, 31): True}

    correct_calendar(actor=hr, days=days, note="国办发明电〔2026〕7 号")

    assert working_calendar().after(date(2027, 1, 29), 1) == date(2027, 1, 31)
    assert AuditEntry.objects.get().detail == {"days": {"2027-01-31": "班", "2027-02-08": "休"}}
    with pytest.raises(NotAllowed, match="人事或系统管理员"):
        correct_calendar(actor=officer, days=days, note="我说的")
    with pytest.raises(Refused) as refusal:
        correct_calendar(actor=hr, days={}, note=" ")
    assert set(refusal.value.fields) == {"days", "note"}


@pytest.mark.django_db
def test_a_correction_is_replaced_and_withdrawn(hr: Account) -> None:
    day = date(2027, 2, 8)
    correct_calendar(actor=hr, days={day: False}, note="初稿")
    correct_calendar(actor=hr, days={day: True}, note="定稿")

    assert CalendarCorrection.objects.values_list("day", "is_working", "note").get() == (day, True, "定稿")
    withdraw_correction(actor=hr, day=day)
    assert not CalendarCorrection.objects.exists()
    with pytest.raises(NotFound):
        withdraw_correction(actor=hr, day=day)


@pytest.mark.django_db
def test_the_page_says_when_a_notice_is_missing_and_keeps_what_was_typed(
    hr: Account, officer: Account, client_as: ClientAs
) -> None:
    client = client_as(hr)

    known = client.get("/working-days/?year=2025").content.decode()
    unknown = client.get("/working-days/?year=2027").content.decode()
    wrong = client.post("/working-days/correct/", {"days": "乱写", "note": "文号", "year": "2027"})
    right = client.post("/working-days/correct/", {"days": "2027-02-08 休", "note": "文号"})

    assert ("国庆节" in known, "还没有进入节假日库" in known, "还没有进入节假日库" in unknown) == (
        True,
        False,
        True,
    )
    assert (wrong.status_code, "乱写" in wrong.content.decode(), right.status_code) == (422, True, 302)
    assert "登记修正" not in client_as(officer).get("/working-days/").content.decode()
    assert (
        client_as(officer).post("/working-days/correct/", {"days": "2027-02-08 班", "note": "x"}).status_code
        == 403
    )


@pytest.mark.django_db
def test_api_reads_corrects_and_withdraws(hr: Account, officer: Account, client_as: ClientAs) -> None:
    client = client_as(hr)
    body = {"free": ["2027-02-08"], "note": "国办发明电〔2026〕7 号"}

    written = client.post("/api/working-days/", body, content_type="application/json")
    listed = client.get("/api/working-days/?from=2027-02-07&to=2027-02-09").json()
    refused = client_as(officer).post("/api/working-days/", body, content_type="application/json")
    gone = client.delete("/api/working-days/corrections/2027-02-08/")

    assert (written.status_code, refused.status_code, gone.status_code) == (201, 403, 204)
    assert [(one["is_working"], one["is_announced"], one["correction"]) for one in listed] == [
        (False, False, ""),
        (False, False, body["note"]),
        (True, False, ""),
    ]
    assert client.get("/api/working-days/?from=2027-01-01&to=2030-01-01").status_code == 422

"""Contracts, moves, days away and leaving for other systems: the same rules, the same sentences."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from staff import actions
from staff.models import Absence, Account, Appointment, Contract, Departure, Role, Team
from tests.factories.staff import make_appointment, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_for(administrator: Account) -> Callable[..., Callable[..., Any]]:
    """Posts and reads as an account with a token of these scopes; gives (status, body)."""

    def for_account(account: Account, *scopes: str) -> Callable[..., Any]:
        _token, key = actions.issue_token(
            actor=administrator, account=account, name="人事系统", scopes=scopes
        )
        client = Client(headers={"Authorization": f"Token {key}"})

        def call(method: str, path: str, body: Any = None) -> tuple[int, Any]:
            given = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
            reply = getattr(client, method)(f"/api/{path}", **given)
            is_json = "json" in reply.get("Content-Type", "")
            return reply.status_code, reply.json() if is_json else reply.content

        return call

    return for_account


def test_a_contract_from_draft_to_end(hr: Account, client_for: Callable[..., Any], first_team: Team) -> None:
    make_person(staff_number="A001", name="陆知远")
    call = client_for(hr, "staff:read", "staff:write")
    terms = {
        "person": "A001",
        "team": "GJ1",
        "grade": "first",
        "starts_on": "2025-01-01",
        "ends_on": "2026-01-01",
    }

    drafted = call("post", "contracts/", terms)
    address = f"contracts/{drafted[1]['public_id']}/"
    behind = call("patch", address, {"grade": "senior", "version": 9})
    changed = call("patch", address, {"grade": "senior", "version": 1})
    signed = call("post", f"{address}sign/", {"signed_on": "2024-12-20"})
    again = call("post", "contracts/", terms)
    early = call("post", f"{address}end/", {"ends_on": "2027-01-01", "reason": "调离"})
    ended = call("post", f"{address}end/", {"ends_on": "2025-07-01", "reason": "调离"})

    assert (drafted[0], drafted[1]["number"], drafted[1]["state"]) == (201, "HT-2025-0001", "draft")
    assert (behind[0], changed[0], changed[1]["grade"]) == (409, 200, "senior")
    assert (signed[0], signed[1]["state"], signed[1]["has_paper"]) == (200, "signed", False)
    assert (again[0], list(again[1]["fields"])) == (409, ["starts_on"])
    assert (early[0], list(early[1]["fields"])) == (422, ["last_day"])
    assert (ended[0], ended[1]["ends_on"], ended[1]["agreed_until"]) == (200, "2025-07-01", "2026-01-01")
    assert call("get", f"{address}paper/")[1][:5] == b"%PDF-"
    assert call("get", "contracts/?course=over")[1]["count"] == 1


def test_scope_and_role_are_asked(
    hr: Account, manager: Account, officer: Account, client_for: Callable[..., Any]
) -> None:
    body = {"person": "A001", "starts_on": "2025-01-01"}
    make_person(staff_number="A001")
    assert client_for(hr, "staff:read")("post", "contracts/", body)[0] == 403
    assert client_for(manager, "staff:read", "staff:write")("post", "contracts/", body)[0] == 403
    assert client_for(officer, "staff:read")("get", "contracts/")[1]["count"] == 0
    assert Contract.objects.count() == 0


def test_moves_secondment_leaving_and_return(
    hr: Account, client_for: Callable[..., Any], first_team: Team
) -> None:
    today = timezone.localdate()
    moves, lends, returns, leaves, again = (
        str(today - timedelta(days=ago)) for ago in (330, 270, 210, 120, 90)
    )
    person = make_person()
    make_appointment(person, first_team)
    make_team(code="GJ2")
    make_team(code="LL1", kind="liaison")
    call, address = client_for(hr, "staff:read", "staff:write"), f"people/{person.public_id}/"

    moved = call("post", f"{address}move/", {"team": "GJ2", "starts_on": moves, "reason": "调整"})
    nobody = call("post", f"{address}move/", {"team": "没有", "starts_on": moves, "reason": "调整"})
    lent = call(
        "post",
        f"{address}second/",
        {"team": "LL1", "starts_on": lends, "ends_on": returns, "reason": "驻点"},
    )
    posts = call("get", address)[1]["appointments"]
    left = call("post", f"{address}leave/", {"kind": "resigned", "ends_on": leaves, "reason": "另有发展"})
    twice = call("post", f"{address}leave/", {"kind": "resigned", "ends_on": leaves, "reason": "另有发展"})
    back = call(
        "post",
        f"{address}return/",
        {"team": "GJ2", "grade": "first", "starts_on": again, "reason": "返聘"},
    )

    assert (moved[0], moved[1]["team"]["code"], nobody[0]) == (201, "GJ2", 422)
    assert (lent[0], lent[1]["kind"]) == (201, "seconded")
    assert [(one["team"]["code"], one["starts_on"]) for one in posts] == [
        ("GJ2", returns),
        ("LL1", lends),
        ("GJ2", moves),
        ("GJ1", "2021-01-01"),
    ]
    assert (left[0], left[1]["state"], twice[0], back[0]) == (201, "open", 422, 201)
    assert Departure.objects.get().state == "returned"


def test_a_secondment_ends_on_another_day_and_a_departure_is_taken_back(
    hr: Account, client_for: Callable[..., Any], first_team: Team
) -> None:
    today = timezone.localdate()
    days = [str(today + timedelta(days=count)) for count in (10, 20, 30, 40)]
    person = make_person()
    make_appointment(person, first_team)
    make_team(code="LL1", kind="liaison")
    call, address = client_for(hr, "staff:read", "staff:write"), f"people/{person.public_id}/"
    nothing = call("post", f"{address}second-until/", {"ends_on": days[2], "reason": "延长"})
    call(
        "post",
        f"{address}second/",
        {"team": "LL1", "starts_on": days[0], "ends_on": days[1], "reason": "驻点"},
    )

    longer = call("post", f"{address}second-until/", {"ends_on": days[2], "reason": "延长"})
    early = call("post", f"{address}second-until/", {"ends_on": days[0], "reason": "提前"})
    other = call(
        "post", f"{address}second-until/", {"ends_on": days[2], "reason": "延长", "starts_on": days[3]}
    )
    left = call("post", f"{address}leave/", {"kind": "resigned", "ends_on": days[3], "reason": "另有发展"})
    silent = call("post", f"departures/{left[1]['public_id']}/revoke/", {"reason": ""})
    back = call("post", f"departures/{left[1]['public_id']}/revoke/", {"reason": "挽留"})

    assert (nothing[0], longer[0], longer[1]["ends_on"]) == (404, 200, days[2])
    assert (early[0], list(early[1]["fields"]), other[0]) == (422, ["last_day"], 404)
    assert (silent[0], back[0], back[1]["state"], back[1]["revoke_reason"]) == (400, 200, "revoked", "挽留")
    assert Appointment.objects.filter(person=person, ends_on=None).count() == 1


def test_days_away_are_taken_back_with_a_reason_by_hr(
    hr: Account, manager: Account, client_for: Callable[..., Any]
) -> None:
    make_person(staff_number="A001")
    call = client_for(hr, "staff:read", "staff:write")
    written = call("post", "absences/", {"person": "A001", "kind": "sick", "starts_on": "2026-01-01"})
    address = f"absences/{written[1]['public_id']}/remove/"

    refused = client_for(manager, "staff:read", "staff:write")("post", address, {"reason": "错"})
    silent = call("post", address, {})
    removed = call("post", address, {"reason": "登记有误"})

    assert (refused[0], silent[0], removed[0]) == (403, 400, 204)
    assert not Absence.objects.exists()


def test_why_somebody_is_away_is_left_out_for_others(
    hr: Account, manager: Account, client_for: Callable[..., Any]
) -> None:
    make_person(staff_number="A001")
    call = client_for(hr, "staff:read", "staff:write")
    written = call(
        "post", "absences/", {"person": "A001", "kind": "sick", "starts_on": "2026-01-01", "note": "住院"}
    )
    seen = client_for(manager, "staff:read")("get", "absences/")[1]["results"][0]
    address = f"absences/{written[1]['public_id']}/"
    changed = call(
        "put", address, {"kind": "sick", "starts_on": "2026-01-01", "ends_on": "2026-02-01", "version": 1}
    )

    assert (written[0], written[1]["kind"], written[1]["note"]) == (201, "sick", "住院")
    assert (seen["kind"], seen["note"], seen["starts_on"]) == ("", "", "2026-01-01")
    assert (changed[0], str(Absence.objects.get().ends_on)) == (200, "2026-02-01")


def test_sealed_archives_have_no_address(hr: Account, client_for: Callable[..., Any]) -> None:
    call = client_for(hr, "staff:read", "staff:write")
    assert [call("get", path)[0] for path in ("sealed/", "sealed-records/")] == [404, 404]
    document = call("get", "openapi.json")[1]
    named = [*document["paths"], *document["components"]["schemas"]]
    assert [name for name in named if "sealed" in name.lower()] == []
    assert hr.role == Role.HR

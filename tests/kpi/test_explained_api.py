"""Where points come from in the API: from the standing down to the achievement, as far as each caller may look."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kpi.models import LedgerLine, Run, Standing
from projects.models import Project
from promotion.models import AuditEntry
from staff.models import Account, Role
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_account
from tests.kpi import test_changes, test_statement
from tests.kpi.test_changes import project_of
from tests.kpi.test_changes import sign as sign_project
from tests.kpi.test_statement import pages_of, run_once
from tests.projects.test_evidence_api import Caller

pytestmark = pytest.mark.django_db

# The years that those files tell are told here again.
begun, scored = test_changes.begun, test_statement.scored

READ = ["kpi:read", "projects:read"]


def of(run: Run, account: Account) -> Standing:
    return run.standings.get(person=account.person)


def follow(call: Caller, address: str) -> Any:
    """The answer at an address that another answer gave."""
    reply = Client(headers={"authorization": f"Token {call.key}"}).get(address)
    assert reply.status_code == 200, address
    return reply.json()


def test_links_lead_from_the_ranking_down_to_the_achievement(scored: Run, officer: Account) -> None:
    call = Caller(officer, READ)
    [row] = [
        one
        for one in call.get("/api/ranking/?year=2025&group=officers").json()["results"]
        if one["name"] == officer.display_name
    ]

    standing = follow(call, row["url"])
    item = follow(call, next(one["url"] for one in standing["items"] if one["indicator"] == "amount"))
    line = follow(call, item["counted"][0]["url"])
    achievement = follow(call, line["achievement_url"])

    assert item["item"]["standing"] == standing["id"]
    assert (item["rule"] != "", [stage["name"] for stage in item["stages"]][:2]) == (True, ["rule", "cap"])
    added = sum(Decimal(one["points"]) for one in item["counted"])
    assert round(added, 6) == round(Decimal(item["counted_points"]), 6)
    assert item["notes"] == ["封顶：算得 4.3993 分，最高 4 分，超出的 0.3993 分不计。"]
    assert item["counted"][0]["documents"][0]["title"] == "协议.pdf"
    assert (line["person"], line["kind"], achievement["public_id"]) == (
        officer.person and officer.person.staff_number,
        "signed",
        line["achievement"],
    )
    assert {one["indicator"] for one in line["items"] if one["name"] == officer.display_name} == {
        "signing", "amount", "relative", "cards", "told",
    }  # fmt: skip


def test_a_statement_adds_up_and_is_taken_as_pdf(scored: Run, officer: Account) -> None:
    call, standing = Caller(officer, READ), of(scored, officer)

    found = call.get(f"/api/standings/{standing.pk}/statement/").json()
    paper = call.get(f"/api/standings/{standing.pk}/statement/paper/")

    assert Decimal(found["exact_total"]).quantize(Decimal("0.01")) == standing.total
    assert [part["item"]["indicator"] for part in found["parts"]] == [
        "signing", "amount", "relative", "cards", "told",
    ]  # fmt: skip
    assert found["gates"][0]["code"] == "busy"
    assert (paper["Content-Type"], paper["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert "2025 年度考核对账单" in pages_of(paper.content)[0]
    assert AuditEntry.objects.filter(verb="statement.export", actor=officer).count() == 1


def test_who_may_look_behind_a_total(
    scored: Run,
    officer: Account,
    colleague: Account,
    leader: Account,
    outsider: Account,
    manager: Account,
    hr: Account,
    auditor: Account,
) -> None:
    standing = of(scored, officer)
    item = standing.items.get(indicator="amount")
    line = LedgerLine.objects.filter(person=officer.person).first()
    assert line is not None
    opened = {officer: 200, leader: 200, manager: 200, hr: 200, auditor: 200, colleague: 404, outsider: 404}

    for account, status in opened.items():
        call = Caller(account, READ)
        for address in ("statement/", "statement/paper/", "uncounted/", "changes/"):
            assert call.get(f"/api/standings/{standing.pk}/{address}").status_code == status, address
        assert call.get(f"/api/items/{item.pk}/").status_code == status
        assert call.get(f"/api/standings/{standing.pk}/history/").status_code == 200
        listed = call.get(f"/api/items/?standing={standing.pk}").json()["count"]
        assert listed == (5 if status == 200 else 0)
        # A colleague of the team sees the lines that count for it.
        assert call.get(f"/api/ledger-lines/{line.pk}/").status_code == (404 if account == outsider else 200)
        group = call.get(f"/api/runs/{scored.public_id}/statements/officers/?form=zip")
        assert group.status_code == (200 if account in (manager, hr, auditor) else 403)
        if group.status_code == 200:
            with zipfile.ZipFile(io.BytesIO(b"".join(group.streaming_content))) as archive:
                assert len(archive.namelist()) == scored.standings.filter(group="officers").count()


def test_a_secret_project_keeps_its_name(scored: Run, officer: Account, hr: Account) -> None:
    secret = Project.objects.filter(owner=officer.person).latest("pk")
    Project.objects.filter(pk=secret.pk).update(is_secret=True, code_name="青鸟")
    reader, owner = Caller(hr, READ), Caller(officer, READ)
    assert officer.person
    query = f"/api/ledger-lines/?person={officer.person.staff_number}"

    read = {one["id"]: one for one in reader.get(query).json()["results"]}
    own = {one["id"]: one for one in owner.get(query).json()["results"]}
    lines = list(
        LedgerLine.objects.filter(project=secret, person=officer.person).values_list("pk", flat=True)
    )

    assert lines
    for pk in lines:
        assert (secret.name in read[pk]["name"], read[pk]["achievement"], read[pk]["achievement_url"]) == (
            False, None, None,
        )  # fmt: skip
        assert own[pk]["name"] == secret.name
        assert reader.get(f"/api/ledger-lines/{pk}/").json()["achievement"] is None
    assert reader.get(f"/api/ledger-lines/?project={secret.public_id}").json()["count"] == 0
    assert owner.get(f"/api/ledger-lines/?project={secret.public_id}").json()["count"] > 0


def test_what_did_not_count_says_why(scored: Run, officer: Account, manager: Account) -> None:
    project = make_project(officer, reported_on=date(2025, 1, 1))
    make_share(project, officer.person, holds_from=date(2025, 6, 1))  # type: ignore[arg-type]
    early = make_recognised(project, officer, manager, happened_on=date(2025, 3, 1))
    run = run_once()

    found = Caller(officer, READ).get(f"/api/standings/{of(run, officer).pk}/uncounted/").json()

    assert [(one["achievement"], one["reason"]) for one in found["facts"]] == [
        (early.public_id, "份额从 2025-06-01 起，这件事发生在 2025-03-01，在此之前。")
    ]
    assert "超出的 0.3993 分不计" in found["notes"][0]["sentence"]


def test_what_last_night_changed(begun: Run, officer: Account, outsider: Account, manager: Account) -> None:
    signed = sign_project(project_of(officer), officer, manager)
    run = run_once()
    own, far = Caller(officer, READ), Caller(outsider, READ)

    listed = own.get("/api/changes/?year=2025&subject=person&movement=any").json()["results"]
    one = own.get(f"/api/standings/{of(run, officer).pk}/changes/").json()
    hidden = far.get("/api/changes/?year=2025&subject=person&movement=any").json()["results"]
    first = own.get(f"/api/changes/?run={begun.public_id}").json()

    assert (listed[0]["name"], listed[0]["gain"]) == (officer.display_name, "12.5000")
    assert [cause["achievement"] for cause in listed[0]["causes"]] == [signed.public_id]
    assert hidden[0]["causes"] is None
    assert (one["total_before"], one["difference"]) == ("0.0000", "12.5000")
    change = one["items"][0]
    assert (change["indicator"], change["before"], change["after"]) == ("signing", "0.0000", "12.5000")
    assert follow(own, change["causes"][0]["achievement_url"])["public_id"] == signed.public_id
    assert change["causes"][0]["lines"]
    assert first["count"] == 0
    assert own.get("/api/changes/?run=nothing").status_code == 404
    assert own.get("/api/changes/?moved=any").status_code == 400


def test_the_way_of_a_subject_over_runs_and_years(begun: Run, officer: Account, outsider: Account) -> None:
    run = run_once()

    found = Caller(outsider, READ).get(f"/api/standings/{of(begun, officer).pk}/history/").json()

    assert [(one["run"], one["is_current"]) for one in found["runs"]] == [
        (begun.public_id, False),
        (run.public_id, True),
    ]
    assert [(one["year"], one["standing"]) for one in found["years"]] == [(2025, of(run, officer).pk)]
    past = Caller(officer, READ).get(f"/api/ranking/?run={begun.public_id}&group=officers").json()["results"]
    assert {one["run"] for one in past} == {begun.public_id}


def test_lists_are_narrowed_and_paged(scored: Run, hr: Account, officer: Account) -> None:
    call = Caller(hr, READ)
    assert officer.person
    number = officer.person.staff_number

    def count(address: str) -> int:
        return int(call.get(address).json()["count"])

    lines = LedgerLine.objects.filter(person=officer.person)
    assert count(f"/api/ledger-lines/?year=2025&person={number}") == lines.count()
    assert count(f"/api/ledger-lines/?person={number}&kind=paid_in") == lines.filter(kind="paid_in").count()
    assert count("/api/ledger-lines/?reversing=true") == 0
    assert count(f"/api/items/?year=2025&person={number}") == 5
    assert count(f"/api/items/?run={scored.public_id}&group=officers&indicator=amount") == 3
    assert count("/api/items/") == count("/api/items/?year=2025&status=undecided") == 0
    assert len(call.get("/api/ledger-lines/?page_size=2").json()["results"]) == 2
    for wrong in ("/api/items/?state=x", "/api/ledger-lines/?kind=visit", "/api/ledger-lines/?owner=x"):
        assert call.get(wrong).status_code == 400
    assert call.get("/api/items/999999999/").status_code == 404
    assert Caller(make_account(Role.API_CLIENT), ["projects:read"]).get("/api/items/").status_code == 403


def test_awards_of_a_run(begun: Run, hr: Account) -> None:
    call = Caller(hr, READ)
    found = call.get(f"/api/runs/{begun.public_id}/awards/").json()
    assert {one["award"] for one in found} == {"excellence", "snail"}
    assert found[0]["reason"]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_for_three(
    begun: Run,
    officer: Account,
    hr: Account,
    manager: Account,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for _each in range(count):
        sign_project(project_of(officer), officer, manager)
    run = run_once()
    call, standing = Caller(hr, READ), of(run, officer)
    for address, most in (
        ("/api/ledger-lines/", 8),
        ("/api/items/?year=2025", 6),
        ("/api/changes/?year=2025", 32),
        (f"/api/standings/{standing.pk}/statement/", 36),
    ):
        call.get(address)
        with django_assert_max_num_queries(most):
            assert call.get(address).status_code == 200

"""Closing a year: checks, two persons, one chain, rows that stand still, and the way back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kpi.actions.closing import (
    ask_reopening,
    close_year,
    decline_request,
    prepare_closing,
    reopen_year,
    withdraw_request,
)
from kpi.actions.inputs import InputRow, record_inputs
from kpi.actions.run import request_run
from kpi.actions.scheme import draft_scheme
from kpi.actions.target import set_target
from kpi.models import (
    AssessmentInput,
    AssessmentYear,
    Item,
    LedgerLine,
    Run,
    SchemeVersion,
    Standing,
    Target,
    YearRequest,
    YearSeal,
)
from kpi.queries.closing import CHECKS, checks_of
from kpi.queries.closing.page import closing_of, moved_since
from kpi.queries.seal import chain_faults, content_faults
from promotion.errors import Conflict, NotAllowed, NotFound, Outcome, Refused
from promotion.models import AuditEntry
from staff.models import Account, Role, Team
from tests.factories.closing import YEAR, make_closed, make_year, recalculated
from tests.factories.projects import make_achievement, make_project, make_recognised, make_share
from tests.factories.staff import make_account, make_team

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]


@pytest.fixture
def run(officer: Account, outsider: Account, manager: Account, first_team: Team, second_team: Team) -> Run:
    return make_year(officer, outsider, manager, (first_team, second_team))


@pytest.fixture
def seal(run: Run, hr: Account, manager: Account) -> YearSeal:
    return make_closed(hr, manager)


def open_checks() -> dict[str, int]:
    """What stands in the way."""
    return {check.code: check.open for check in checks_of(YEAR) if check.stops}


def test_hr_prepares_and_a_manager_closes(run: Run, hr: Account, manager: Account) -> None:
    asked = prepare_closing(actor=hr, year=YEAR)
    seal = close_year(actor=manager, request=asked)

    asked.refresh_from_db()
    assessed = AssessmentYear.objects.get(year=YEAR)
    assert (asked.state, asked.decided_by, assessed.closed_at) == ("granted", manager, seal.sealed_at)
    assert (seal.number, seal.previous_digest, seal.requested_by, seal.decided_by, seal.changed) == (
        1, "", hr.username, manager.username, [],
    )  # fmt: skip
    rows = {part["code"]: part["rows"] for part in seal.parts}
    assert rows == {
        "scheme": 1, "run": 1, "targets": Target.objects.count(), "inputs": 0, "ledger": LedgerLine.objects.count(),
        "standings": Standing.objects.count(), "items": Item.objects.count(), "candidates": rows["candidates"], **{
            code: count for code, count in rows.items() if code not in {"scheme", "run", "targets", "inputs", "ledger", "standings", "items"}
        },
    }  # fmt: skip
    assert [entry.verb for entry in AuditEntry.objects.filter(verb__startswith="year.").order_by("pk")] == [
        "year.prepare-closing",
        "year.close",
    ]
    assert [*chain_faults(), *content_faults(YEAR)] == []


def test_nobody_else_prepares_closes_or_grants(
    run: Run, hr: Account, manager: Account, officer: Account
) -> None:
    with pytest.raises(NotAllowed):
        prepare_closing(actor=manager, year=YEAR)
    asked = prepare_closing(actor=hr, year=YEAR)
    for other in (hr, officer, make_account(Role.ADMINISTRATOR, team=make_team())):
        with pytest.raises(NotAllowed):
            close_year(actor=other, request=asked)
    assert not YearSeal.objects.exists()


def test_what_is_open_stands_in_the_way(
    run: Run, hr: Account, officer: Account, outsider: Account, manager: Account
) -> None:
    assert open_checks() == {}
    project = make_project(outsider)
    assert outsider.person
    make_share(project, outsider.person, 100, holds_from=date(YEAR, 1, 1))
    make_achievement(project, outsider, happened_on=date(YEAR, 5, 1))
    assert open_checks() == {"achievements": 1}
    make_recognised(make_project(outsider), outsider, manager, happened_on=date(YEAR, 6, 1))
    assert open_checks()["due"] == 1
    Target.objects.filter(person=outsider.person).update(amount=3)
    assert open_checks()["unchanged"] == 1
    with pytest.raises(Refused, match=r"待认定.*还没有入账"):
        prepare_closing(actor=hr, year=YEAR)
    assert not YearRequest.objects.exists()


def test_what_does_not_stand_in_the_way_is_kept_with_the_seal(
    run: Run, hr: Account, manager: Account, officer: Account
) -> None:
    Target.objects.filter(person=officer.person).delete()
    recalculated()

    assert open_checks() == {}
    assert make_closed(hr, manager).accepted == {
        "targets": 1,
        "undecided": 1,
        "publicity": 1,
        "awards": 2,
        "grades": 1,
        "pay": 1,
    }


def test_a_running_year_is_not_closed(
    officer: Account, outsider: Account, manager: Account, hr: Account, first_team: Team, second_team: Team
) -> None:
    year = timezone.localdate().year
    make_year(officer, outsider, manager, (first_team, second_team), year=year)
    Run.objects.update(as_of=date(year, 6, 30))

    with pytest.raises(Refused, match="只算到"):
        prepare_closing(actor=hr, year=year)


def test_a_year_without_results_has_nothing_to_close(hr: Account) -> None:
    with pytest.raises(NotFound):
        prepare_closing(actor=hr, year=2019)
    assert {check.code for check in checks_of(2019) if check.stops} >= {"scheme", "whole-year", "unchanged"}


def test_what_changes_after_the_preparation_is_not_closed(run: Run, hr: Account, manager: Account) -> None:
    asked = prepare_closing(actor=hr, year=YEAR)
    Standing.objects.filter(run=run).update(total=Decimal(99))

    with pytest.raises(Conflict, match="重新准备"):
        close_year(actor=manager, request=asked)
    assert AssessmentYear.objects.get(year=YEAR).closed_at is None


def test_one_request_waits_at_a_time(run: Run, hr: Account) -> None:
    prepare_closing(actor=hr, year=YEAR)
    with pytest.raises(Conflict, match="已有一份待确认"):
        prepare_closing(actor=hr, year=YEAR)


def test_a_request_is_declined_with_a_reason_or_taken_back(run: Run, hr: Account, manager: Account) -> None:
    asked = prepare_closing(actor=hr, year=YEAR)
    with pytest.raises(Refused):
        decline_request(actor=manager, request=asked, note=" ")
    assert decline_request(actor=manager, request=asked, note="先核对三队").state == "declined"
    with pytest.raises(Conflict):
        close_year(actor=manager, request=asked)
    again = prepare_closing(actor=hr, year=YEAR)
    with pytest.raises(NotAllowed):
        withdraw_request(actor=manager, request=again)
    assert withdraw_request(actor=hr, request=again).state == "withdrawn"


def writes(run: Run, hr: Account) -> dict[str, Callable[[], object]]:
    """Every way to write a row of the year past the actions."""
    standing, line, target = (
        Standing.objects.filter(run=run)[0], LedgerLine.objects.all()[0], Target.objects.filter(year=YEAR)[0],
    )  # fmt: skip
    fields = {
        f.attname: getattr(line, f.attname) for f in LedgerLine._meta.concrete_fields if not f.primary_key
    }
    return {
        "standing changed": lambda: Standing.objects.filter(pk=standing.pk).update(total=1),
        "standing deleted": lambda: standing.items.all().delete(),
        "item changed": lambda: Item.objects.filter(standing=standing).update(points=1),
        "line posted": lambda: LedgerLine.objects.create(**fields),
        "target changed": lambda: Target.objects.filter(pk=target.pk).update(amount=9),
        "target added": lambda: Target.objects.create(year=YEAR, indicator="x", team=make_team(), amount=1),
        "target deleted": target.delete,
        "target moved in": lambda: Target.objects.filter(year=YEAR - 1).update(year=YEAR),
        "run changed": lambda: Run.objects.filter(pk=run.pk).update(fingerprint="0" * 64),
        "run added": lambda: Run.objects.create(year=YEAR, number=99, as_of=run.as_of, scheme=run.scheme),
        "scheme added": lambda: SchemeVersion.objects.create(
            year=YEAR, number=9, title="x", text="x", holds_from=date(YEAR, 1, 1), drafted_by=hr, fingerprint="0" * 64
        ),
        "input added": lambda: AssessmentInput.objects.create(
            year=YEAR, kind="rate", code="USD", value=7, holds_from=date(YEAR, 1, 1), recorded_by=hr
        ),
    }  # fmt: skip


WAYS = (
    "standing changed", "standing deleted", "item changed", "line posted", "target changed", "target added", "target deleted",
    "target moved in", "run changed", "run added", "scheme added", "input added",
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_rows_of_a_closed_year_stand_still(seal: YearSeal, hr: Account, outsider: Account, way: str) -> None:
    Target.objects.create(year=YEAR - 1, indicator="other", person=outsider.person, amount=1)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        writes(seal.run, hr)[way]()
    assert "closed year" in str(refused.value)
    assert list(content_faults(YEAR)) == []


def test_actions_say_that_the_year_is_closed(seal: YearSeal, hr: Account, officer: Account) -> None:
    refusals: list[Callable[[], object]] = [
        lambda: request_run(actor=hr, year=YEAR),
        lambda: set_target(actor=hr, year=YEAR, code="signings", person=officer.person, amount=Decimal(5)),
        lambda: record_inputs(
            actor=hr, year=YEAR, rows=[InputRow("rate", "USD", value=Decimal(7), holds_from=date(YEAR, 1, 1))]
        ),
        lambda: draft_scheme(actor=hr, year=YEAR, text=seal.run.scheme.text),
        lambda: prepare_closing(actor=hr, year=YEAR),
    ]
    for refused in refusals:
        with pytest.raises(Outcome, match="已关账"):
            refused()


def test_other_years_go_on(seal: YearSeal, officer: Account) -> None:
    Target.objects.create(year=YEAR + 1, indicator="signings", person=officer.person, amount=1)
    assert Target.objects.filter(year=YEAR + 1).update(amount=2) == 1


def test_what_comes_late_waits_and_is_not_counted(
    seal: YearSeal, outsider: Account, manager: Account, hr: Account
) -> None:
    assert outsider.person
    project = make_project(outsider)
    make_share(project, outsider.person, 100, holds_from=date(YEAR, 1, 1))
    make_recognised(project, outsider, manager, happened_on=date(YEAR, 12, 30))

    assert closing_of(hr, YEAR).late >= 1
    assert list(content_faults(YEAR)) == []


def test_reopening_takes_two_persons_and_a_reason(
    seal: YearSeal, hr: Account, manager: Account, officer: Account
) -> None:
    with pytest.raises(Refused, match="为什么"):
        ask_reopening(actor=hr, year=YEAR, reason=" ")
    with pytest.raises(NotAllowed):
        ask_reopening(actor=officer, year=YEAR, reason="更正")
    asked = ask_reopening(actor=hr, year=YEAR, reason="三队的份额登记有误")
    with pytest.raises(NotAllowed):
        reopen_year(actor=hr, request=asked)

    reopened = reopen_year(actor=manager, request=asked)

    assert (reopened.number, reopened.kind, reopened.previous_digest, reopened.reason) == (
        2, "reopened", seal.digest, "三队的份额登记有误",
    )  # fmt: skip
    assert AssessmentYear.objects.get(year=YEAR).closed_at is None
    Target.objects.filter(year=YEAR).update(amount=4)


def test_closing_again_is_the_next_link_and_says_what_is_different(
    seal: YearSeal, hr: Account, manager: Account
) -> None:
    reopen_year(actor=manager, request=ask_reopening(actor=hr, year=YEAR, reason="目标有误"))
    Target.objects.filter(year=YEAR, person__isnull=False).update(amount=1)
    recalculated()

    again = make_closed(hr, manager)

    assert again.number == 3
    assert set(again.changed) >= {"targets", "run", "standings", "items"}
    assert "ledger" not in again.changed
    moved = {one.name for one in moved_since(again)}
    assert moved == {
        one.subject_name
        for one in Standing.objects.filter(run=again.run, person__isnull=False)
        if one.total != Standing.objects.get(run=seal.run, person=one.person).total
    }
    assert [*chain_faults(), *content_faults(YEAR)] == []


def forge(statement: str) -> None:
    """What somebody does who may write to the database past its triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE kpi_standing SET total = total + 1", "standings"),
        ("UPDATE kpi_item SET points = 0", "items"),
        ("UPDATE kpi_target SET amount = amount + 1", "targets"),
        ("UPDATE kpi_ledgerline SET share = 0.5", "ledger"),
        ("UPDATE kpi_schemeversion SET text = text || ' '", "scheme"),
        ("UPDATE kpi_yearseal SET decided_by = 'nobody'", "#1"),
        ("UPDATE kpi_assessmentyear SET closed_at = NULL", "year"),
    ],
)
def test_what_was_forged_is_named(seal: YearSeal, statement: str, where: str) -> None:
    forge(statement)

    with pytest.raises(CommandError, match=where):
        call_command("verify_close", stdout=StringIO())


def test_the_command_says_that_all_holds(seal: YearSeal) -> None:
    said = StringIO()
    call_command("verify_close", str(YEAR), stdout=said)
    assert "1 links hold" in said.getvalue()


def test_the_health_page_says_whether_the_chain_holds(
    client_as: SignIn, seal: YearSeal, officer: Account
) -> None:
    assert client_as(officer).get("/health/").json()["year_seals"] == "ok"
    forge("UPDATE kpi_yearseal SET reason = 'another'")
    assert client_as(officer).get("/health/").json()["year_seals"] == "broken"


def test_seals_are_never_changed(seal: YearSeal) -> None:
    with pytest.raises(Exception, match=r"append_only|Cannot"), transaction.atomic():
        YearSeal.objects.update(reason="x")


def test_the_page_leads_through_the_close(client_as: SignIn, run: Run, hr: Account, manager: Account) -> None:
    address = f"/year/closing/?year={YEAR}"
    page = client_as(hr).get(address)
    assert all(check.title in page.text for check in checks_of(YEAR))
    assert "准备关账" in page.text
    assert client_as(hr).post(f"/year/closing/{YEAR}/prepare/").status_code == 302
    asked = YearRequest.objects.get()
    assert "撤回申请" in client_as(hr).get(address).text
    assert "确认关账" in client_as(manager).get(address).text
    assert client_as(manager).post(f"/year/closing/requests/{asked.public_id}/grant/").status_code == 302

    page = client_as(manager).get(address)
    assert "已关账" in page.text
    assert YearSeal.objects.get().digest in page.text
    form = client_as(hr).post(f"/year/closing/{YEAR}/reopen/", {"reason": ""})
    assert (form.status_code, "为什么" in form.text) == (422, True)
    assert client_as(hr).post(f"/year/closing/{YEAR}/reopen/", {"reason": "更正"}).status_code == 302
    reopening = YearRequest.objects.get(kind="reopened")
    declined = client_as(manager).post(
        f"/year/closing/requests/{reopening.public_id}/decline/", {"note": "不必"}
    )
    assert declined.status_code == 302
    assert YearRequest.objects.get(kind="reopened").state == "declined"


def test_other_systems_and_people_close_through_the_api(
    client_as: SignIn, run: Run, hr: Account, manager: Account, officer: Account
) -> None:
    address = "/api/closings/"
    told = client_as(hr).get(f"{address}?year={YEAR}").json()
    assert [check["code"] for check in told["checks"]] == [check.code for check in checks_of(YEAR)]
    assert client_as(officer).get(f"{address}?year={YEAR}").status_code == 403
    asked = client_as(hr).post(address, {"year": YEAR, "kind": "closed"}, content_type="application/json")
    assert asked.status_code == 201
    request = f"{address}{asked.json()['id']}/"
    assert client_as(hr).post(f"{request}grant/").status_code == 403
    seal = client_as(manager).post(f"{request}grant/")
    assert (seal.status_code, seal.json()["digest"]) == (200, YearSeal.objects.get().digest)
    again = client_as(manager).post(f"{request}grant/")
    assert again.status_code in (409, 422)
    assert "已关账" in again.text
    blank = client_as(hr).post(address, {"year": YEAR, "kind": "reopened"}, content_type="application/json")
    assert (blank.status_code, "为什么" in blank.text) == (422, True)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER])
def test_who_does_not_answer_for_the_year_sees_nothing_of_it(
    client_as: SignIn, seal: YearSeal, role: Role
) -> None:
    other = client_as(make_account(role, team=make_team()))
    assert other.get(f"/year/closing/?year={YEAR}").status_code == 403
    assert other.post(f"/year/closing/requests/{seal.request.public_id}/grant/").status_code == 404


def test_the_year_s_step_tells_of_the_close(client_as: SignIn, officer: Account, seal: YearSeal) -> None:
    assert "数据已锁定" in client_as(officer).get(f"/year/?year={YEAR}").text


def test_the_page_costs_the_same_for_one_subject_and_for_three(
    run: Run, hr: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(40) as first:
        closing_of(hr, YEAR)
    for _ in range(3):
        make_account(Role.OFFICER, team=make_team())
    recalculated()
    with django_assert_max_num_queries(len(first.captured_queries)):
        closing_of(hr, YEAR)


def test_checks_have_names_of_their_own() -> None:
    codes = [check(YEAR, None).code for check in CHECKS]
    assert len(set(codes)) == len(codes)

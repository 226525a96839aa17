"""An increase of capital: of a project that produces, recognised by a second person, among the money, in fulfilment and points."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kpi.actions.ledger import post_credit
from kpi.models import LedgerLine
from kpi.queries.measures import KNOWN_KINDS
from projects.actions import recognise_achievement, report_achievement, write_default_checklist
from projects.models import Achievement, EvidenceRequirement, Project
from projects.queries.evidence import checklists_of
from projects.queries.fulfilment import fulfilment, grouping_of, signed_projects
from projects.queries.money import money_lines, money_tables
from promotion.errors import NotAllowed, Refused
from staff.models import Account
from tests.factories.files import make_pdf
from tests.factories.kpi import make_run, make_scheme
from tests.factories.projects import make_project, make_recognised, make_share
from tests.projects.test_evidence_api import SCOPES, Caller

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def project(officer: Account, manager: Account) -> Project:
    made = make_project(officer, stage="produced")
    make_share(made, officer.person)
    for kind, amount in (("signed", 90), ("registered", 60), ("produced", 0), ("paid_in", 30)):
        make_recognised(
            made, officer, manager, kind=kind, happened_on=date(2026, 3, 1), amount_cny=Decimal(amount)
        )
    return made


def reported(officer: Account, project: Project, **fields: Any) -> Achievement:
    given = {"happened_on": TODAY, "amount": Decimal(40), "title": "二期扩产", **fields}
    return report_achievement(
        actor=officer, kind="increase", project=project, evidence=[make_pdf("变更登记.pdf")], **given
    )


def labels(project: Project) -> list[str]:
    return [line.label for line in money_lines(project, list(project.achievements.all()))]


def test_it_counts_once_a_second_person_recognised_it(
    officer: Account, manager: Account, project: Project
) -> None:
    assert "增资" not in labels(project)
    made = reported(officer, project)
    with pytest.raises(NotAllowed):
        recognise_achievement(actor=officer, achievement=made)
    before = signed_projects(manager).get()
    recognise_achievement(actor=manager, achievement=made)
    after = signed_projects(manager).get()

    line = next(one for one in money_lines(project, list(project.achievements.all())) if one.label == "增资")
    table = next(one for one in money_tables(manager, project) if one.kind == "increase")
    assert (line.amount, table.total) == (Decimal(40), Decimal(40))
    assert (before.capital, after.capital, after.contract) == (Decimal(60), Decimal(100), Decimal(90))


def test_money_of_an_increase_does_not_lift_the_rates_above_what_is_promised(
    officer: Account, manager: Account, project: Project
) -> None:
    """90 by contract, 40 more later, all of it paid in and built: fulfilled, not more."""
    recognise_achievement(actor=manager, achievement=reported(officer, project))
    for kind, amount in (("paid_in", 100), ("fixed_asset", 130)):
        make_recognised(project, officer, manager, kind=kind, amount_cny=Decimal(amount))
    with_waiting = reported(officer, project, amount=Decimal(7))

    for grouping in ("team", "officer", "channel"):
        rows, total = fulfilment(manager, grouping_of(grouping))
        for row in (*rows, total):
            told = {one.rate.key: (one.numerator, one.denominator) for one in row.figures}
            assert told["paid_in_contract"] == (130, 130)
            assert told["fixed_asset"] == (130, 130)
            assert row.contract == 90
    assert with_waiting.state == "submitted"
    answer = Caller(manager, SCOPES).get("/api/fulfilment/").json()
    assert {rate["denominator"] for rate in answer["total"]["rates"] if rate["key"] == "fixed_asset"} == {
        "130.00"
    }


def test_an_increase_has_a_checklist_from_the_beginning(
    officer: Account, manager: Account, project: Project
) -> None:
    EvidenceRequirement.objects.all().delete()
    write_default_checklist(actor=manager)
    made = reported(officer, project)
    slots = checklists_of([made])[made.pk].slots

    assert [(str(one.label), one.is_required) for one in slots] == [("营业执照", True), ("验资报告", False)]


def test_capital_that_was_never_registered_is_not_made_by_an_increase(
    officer: Account, manager: Account, project: Project
) -> None:
    project.achievements.filter(kind="registered").delete()
    recognise_achievement(actor=manager, achievement=reported(officer, project))

    assert signed_projects(manager).get().capital is None


def test_before_production_it_is_refused_and_the_page_keeps_what_was_typed(
    officer: Account, manager: Account, project: Project
) -> None:
    early = make_project(officer, stage="started")
    with pytest.raises(Refused, match="投产认定之后"):
        reported(officer, early)
    with pytest.raises(Refused, match="投产认定之后"):
        reported(officer, project, happened_on=date(2026, 3, 1) - timedelta(days=1))
    browser = Client()
    browser.force_login(officer)
    url = f"/projects/{early.public_id}/achievements/new/?kind=increase"
    given = {"happened_on": str(TODAY), "amount": "40", "currency": "CNY", "title": "二期扩产"}
    reply = browser.post(url, given | {"evidence": make_pdf("变更登记.pdf")})

    words = reply.content.decode()
    assert (reply.status_code, "投产认定之后" in words, "二期扩产" in words) == (422, True, True)
    assert not Achievement.objects.filter(kind="increase").exists()


def test_the_record_shows_it_and_the_api_reports_it(
    officer: Account, manager: Account, project: Project
) -> None:
    body = {"kind": "increase", "happened_on": str(TODAY), "amount": "40"}
    made = Caller(officer, SCOPES).upload(
        f"/api/projects/{project.public_id}/achievements/", body | {"evidence": make_pdf("登记.pdf")}
    )
    browser = Client()
    browser.force_login(officer)
    shown = browser.get(f"/projects/{project.public_id}/").content.decode()
    money = browser.get(f"/projects/{project.public_id}/?tab=money").content.decode()

    assert (made.status_code, made.json()["kind"]) == (201, "increase")
    assert ("增资" in shown, "增资" in money) == (True, True)


def test_a_scheme_can_count_it(officer: Account, manager: Account, project: Project) -> None:
    scheme = make_scheme(2026)
    recognise_achievement(actor=manager, achievement=reported(officer, project))

    post_credit(run=make_run(scheme, year=2026), year=2026)

    assert "increase" in KNOWN_KINDS
    assert LedgerLine.objects.filter(achievement__kind="increase", person=officer.person).count() == 1

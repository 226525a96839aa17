"""What deserves a second look before a decision: each alarm with its figures, its link, and who reads it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects import queries
from projects.actions import attach_document
from projects.models import Achievement, Company, Project
from projects.outliers import distance, is_far
from projects.queries.alarms import alarm_card
from staff.models import Account
from tests.factories.files import PDF, make_pdf
from tests.factories.projects import make_achievement, make_company, make_project, make_recognised

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 1)


def signed(
    officer: Account, company: Company | None = None, value: int = 100_000_000, **fields: Any
) -> Achievement:
    project = make_project(
        officer, company=company or make_company(officer), planned_investment=Decimal(value)
    )
    made = make_achievement(
        project,
        officer,
        **{"happened_on": date(2026, 9, 1), "amount": Decimal(value), "amount_cny": Decimal(value), **fields},
    )
    attach_document(actor=officer, achievement=made, upload=make_pdf(content=PDF + b"%% %d\n" % made.pk))
    return made


def found(*achievements: Achievement) -> dict[str, queries.Hint]:
    hints = queries.recognition_hints(achievements, TODAY)
    return {hint.code: hint for one in achievements for hint in hints[one.pk]}


def test_quiet_where_nothing_is_odd(officer: Account) -> None:
    assert found(signed(officer)) == {}


def test_same_controller_and_same_address_are_told_apart(officer: Account) -> None:
    first = make_company(officer, controller="王某", address="")
    second = make_company(officer, controller="王某", address="长山大道 18 号")
    third = make_company(officer, controller="李某", address="长山大道 18 号")
    one, two, three = (signed(officer, company) for company in (first, second, third))
    signed(officer, first, happened_on=date(2025, 1, 10), kind="tax")

    assert set(found(one)) == {"controller"}
    told = found(two)
    assert set(told) == {"controller", "address"}
    assert told["controller"].figures == {"count": 1, "achievements": [one.public_id]}
    assert told["controller"].url == reverse("projects:achievement", args=[one.public_id])
    assert "王某" in told["controller"].sentence
    assert told["address"].figures["achievements"] == [three.public_id]


def test_signings_more_than_a_year_apart_are_no_second_ones(officer: Account) -> None:
    one = signed(officer, make_company(officer, controller="王某"))
    signed(officer, make_company(officer, controller="王某"), happened_on=date(2025, 8, 30))

    assert "controller" not in found(one)


def test_amount_far_from_the_industry_needs_enough_to_compare(officer: Account, manager: Account) -> None:
    huge = signed(officer, value=9_000_000_000)
    usual = signed(officer, value=120_000_000)
    for number in range(8):
        assert "norm" not in found(huge)
        make_recognised(
            make_project(officer),
            officer,
            manager,
            amount_cny=Decimal(100_000_000 + number * 5_000_000),
            amount=Decimal(100_000_000 + number * 5_000_000),
        )
    make_recognised(make_project(officer, industry="materials"), officer, manager)

    told = found(huge)["norm"]
    assert told.figures["comparables"] == 8
    assert told.figures["median_cny"] == "117473401.24"
    assert told.figures["distance"] > 3.5
    assert "norm" not in found(usual)


def test_registered_long_ago_with_nothing_paid_in(officer: Account, manager: Account) -> None:
    made = signed(officer)
    assert made.project
    make_recognised(
        made.project, officer, manager, kind="registered", happened_on=TODAY - timedelta(days=181)
    )

    assert found(made)["unpaid"].figures == {"days": 181}
    make_achievement(made.project, officer, kind="paid_in")
    assert "unpaid" not in found(made)


def test_same_paper_for_two_achievements(officer: Account) -> None:
    one, two = signed(officer), signed(officer)
    for made in (one, two):
        attach_document(actor=officer, achievement=made, upload=make_pdf("合同.pdf"))

    told = found(one)["same_paper"]
    assert told.url == reverse("projects:achievement", args=[two.public_id])
    assert "合同.pdf" in told.sentence


def test_money_behind_the_median_of_its_class(officer: Account, manager: Account) -> None:
    def project_with(paid: int) -> Project:
        project = make_project(officer)
        money = {"amount": Decimal(100), "amount_cny": Decimal(100)}
        make_recognised(project, officer, manager, kind="registered", **money)
        money = {"amount": Decimal(paid), "amount_cny": Decimal(paid)}
        make_recognised(project, officer, manager, kind="paid_in", **money)
        return project

    slow = project_with(20)
    for paid in (60, 60, 60, 70, 70, 70, 70):
        project_with(paid)
    more = make_achievement(slow, officer, kind="paid_in", amount=Decimal(30), amount_cny=Decimal(30))

    told = found(more)["slow_money"]
    assert told.figures == {"progress": "0.5", "median": "0.6500", "comparables": 8}
    assert "50%，低于同类项目中位数 65%（8 个）" in told.sentence


def test_queries_do_not_grow_with_the_page(officer: Account, manager: Account) -> None:
    listed, counts = [], []
    for number in range(3):
        company = make_company(officer, controller="王某", address=f"{number} 号")
        listed.append(signed(officer, company))
        with CaptureQueriesContext(connection) as captured:
            again = Achievement.objects.filter(pk__in=[one.pk for one in listed])
            queries.recognition_hints(again.select_related("project__company"), TODAY)
        counts.append(len(captured))

    assert counts[0] == counts[2]


def test_card_is_for_those_who_decide_and_audit(
    officer: Account, leader: Account, manager: Account, auditor: Account
) -> None:
    made = signed(officer, make_company(officer, controller="王某"))
    signed(officer, make_company(officer, controller="王某"))
    assert made.project

    assert alarm_card(officer, made.project) is None
    assert alarm_card(leader, made.project) is None
    for reader in (manager, auditor):
        card = alarm_card(reader, made.project)
        assert card is not None
        ((one, hints),) = card["found"]
        assert (one, [hint.code for hint in hints]) == (made, ["controller"])
        assert "重复签约" in card["quiet"]
        assert "同址同控制人" not in card["quiet"]


def test_record_page_loads_the_card(
    officer: Account, leader: Account, manager: Account, client_as: Any
) -> None:
    made = signed(officer, make_company(officer, controller="王某"))
    signed(officer, make_company(officer, controller="王某"))
    quiet = make_project(officer)
    assert made.project
    record, card = (
        reverse(f"projects:{name}", args=[made.project.public_id]) for name in ("detail", "alarms")
    )
    client = client_as(manager)

    assert f'hx-get="{card}" hx-trigger="load"' in client.get(record).content.decode()
    whole, part = client.get(card), client.get(card, headers={"HX-Request": "true"})
    assert ["同控制人" in each.content.decode() for each in (whole, part)] == [True, True]
    assert ["<html" in each.content.decode() for each in (whole, part)] == [True, False]
    assert "alarms" not in client.get(reverse("projects:detail", args=[quiet.public_id])).content.decode()
    empty = client.get(reverse("projects:alarms", args=[quiet.public_id]))
    assert "没有要提示的" in empty.content.decode()
    for other in (officer, leader):
        assert card not in client_as(other).get(record).content.decode()
        assert client_as(other).get(card).status_code == 403


def test_outliers_are_told_by_medians() -> None:
    assert distance(10, 8, 0) == distance(10, 8, 0.1) > 3.5
    assert is_far(10, 8, 0.2)
    assert not is_far(10, 8, 1)
    assert is_far(2, 8, 1)

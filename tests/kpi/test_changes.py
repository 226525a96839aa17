"""What changed between two runs: each item with every cause, who passed whom, who may see it, page and list."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpi.actions.run import execute_run, request_run
from kpi.actions.scheme import draft_scheme, publish_scheme
from kpi.actions.target import set_target
from kpi.models import Run, SchemeVersion, Standing, Target
from kpi.queries.changes import Changes, changes_between, changes_of
from kpi.queries.movement import movement_of
from projects.models import Achievement, CreditShare, Project
from staff.models import Account
from tests.factories.kpi import SCHEME, make_scheme
from tests.factories.projects import make_project, make_recognised, make_share

pytestmark = pytest.mark.django_db

SignIn = Callable[[Account], Client]


def run_once() -> Run:
    run = execute_run(run_id=request_run(actor=None, year=2025).pk)
    assert run is not None
    return Run.objects.select_related("previous__scheme", "scheme").get(pk=run.pk)


def project_of(account: Account, percent: int = 100, **fields: Any) -> Project:
    project = make_project(account, reported_on=date(2025, 1, 1), **fields)
    make_share(project, account.person, percent, holds_from=date(2025, 1, 1))  # type: ignore[arg-type]
    return project


def sign(project: Project, account: Account, manager: Account, **fields: Any) -> Achievement:
    given = {"happened_on": date(2025, 3, 1), **fields}
    return make_recognised(project, account, manager, **given)


def changes(run: Run, account: Account) -> Changes:
    return changes_of(account, run.standings.get(person=account.person))


def words(found: Changes) -> list[tuple[str, Decimal, list[tuple[str, str]]]]:
    return [
        (one.indicator, one.difference, [(cause.kind, cause.words) for cause in one.causes])
        for one in found.items
    ]


@pytest.fixture
def begun(officer: Account, outsider: Account, manager: Account) -> Run:
    make_scheme(2025)
    for account in (officer, outsider):
        Target.objects.create(year=2025, indicator="signings", person=account.person, amount=4)
    sign(project_of(outsider), outsider, manager)
    return run_once()


def test_a_new_fact_is_one_cause_with_the_share_of_all_roles(
    begun: Run, officer: Account, manager: Account
) -> None:
    project = project_of(officer, 60)
    make_share(project, officer.person, 40, role="landing", holds_from=date(2025, 1, 1))  # type: ignore[arg-type]
    sign(project, officer, manager)

    found = changes(run_once(), officer)

    assert words(found) == [("signing", Decimal("12.5"), [("new", "新认定入账，份额 100.00%。")])]
    (cause,) = found.items[0].causes
    assert cause.name == f"{project.name} 签约"
    assert len(cause.lines) == 2
    assert cause.can_open
    assert found.items[0].words == "0 → 12.5"


def test_a_reversed_fact_and_a_share_that_was_settled_anew_are_told_apart(
    begun: Run, officer: Account, colleague: Account, manager: Account
) -> None:
    reversed_fact = sign(project_of(officer), officer, manager)
    settled = project_of(officer)
    sign(settled, officer, manager)
    sign(project_of(officer), officer, manager, kind="incident", happened_on=date(2025, 4, 1))
    run_once()
    Achievement.objects.filter(pk=reversed_fact.pk).update(state="reversed", reversed_on=date(2025, 6, 1))
    CreditShare.objects.filter(project=settled).update(percent=30, weight=30)
    make_share(settled, colleague.person, 70, role="landing", holds_from=date(2025, 1, 1))  # type: ignore[arg-type]

    run = run_once()

    assert words(changes(run, officer)) == [
        (
            "signing",
            Decimal("-21.25"),
            [("reversed", "业绩已冲销，扣回份额 100.00%。"), ("corrected", "份额 100.00% → 30.00%。")],
        )
    ]
    assert words(changes(run, colleague))[0][2] == [("new", "新认定入账，份额 70.00%。")]


def test_a_corrected_amount_and_a_fact_whose_day_came(begun: Run, officer: Account, manager: Account) -> None:
    project = project_of(officer)
    signed = sign(project, officer, manager, amount=Decimal(100_000_000), amount_cny=Decimal(100_000_000))
    sign(project_of(officer), officer, manager, happened_on=date(2025, 12, 20))
    Run.objects.filter(pk=run_once().pk).update(as_of=date(2025, 12, 1))
    Achievement.objects.filter(pk=signed.pk).update(recognised_cny=Decimal(80_000_000))

    found = changes(run_once(), officer)

    assert {cause.words for one in found.items for cause in one.causes} == {
        "认定额 10,000 → 8,000 万元。",
        "发生日到了，份额 100.00%。",
    }


@pytest.mark.django_db(transaction=True)
def test_a_changed_target_is_said_with_both_values(
    officer: Account, manager: Account, hr: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpi.actions.run.wake_worker", lambda _run: None)
    make_scheme(2025)
    set_target(actor=hr, year=2025, code="signings", amount=Decimal(4), person=officer.person)
    sign(project_of(officer), officer, manager)
    first = run_once()
    set_target(actor=hr, year=2025, code="signings", amount=Decimal(5), person=officer.person)

    second = run_once()

    assert words(changes(second, officer)) == [
        ("signing", Decimal("-2.5"), [("target", "目标“签约任务” 4 → 5 个。")])
    ]
    assert first.standings.get(person=officer.person).total == Decimal("12.5")


def test_a_new_version_of_the_scheme_is_said_for_the_items_it_changes(
    officer: Account, manager: Account, hr: Account
) -> None:
    make_scheme(2025)
    Target.objects.create(year=2025, indicator="signings", person=officer.person, amount=4)
    sign(project_of(officer), officer, manager)
    old = run_once().scheme
    text = SCHEME.replace("2026", "2025").replace(
        "target: signings, points: 50}", "target: signings, points: 40}"
    )
    draft = draft_scheme(actor=hr, year=2025, text=text)
    publish_scheme(actor=manager, scheme=draft)
    new = SchemeVersion.objects.get(pk=draft.pk)

    found = changes(run_once(), officer)

    assert words(found) == [
        (
            "signing",
            Decimal("-2.5"),
            [("scheme", f"细则 V{old.number} → V{new.number}：这项的规则有变。")],
        )
    ]


RELATIVE = """
scheme: relative
title: 相对
year: 2025
groups:
  officers: {title: 招商专员, subjects: [officer]}
indicators:
  - code: relative
    title: 相对计分
    measures:
      signed: {title: 签约, facts: [signed], aggregate: count}
    rule: {kind: power_coefficient, part: {kind: amount, of: signed}, bottom: 60, top: 100}
  - code: doubled
    title: 加倍
    measures:
      signed: {title: 签约, facts: [signed], aggregate: count}
    rule: {kind: times, factor: 0.5, part: {kind: item, item: relative}}
"""


def test_others_moves_are_the_cause_where_the_rule_compares(
    officer: Account, outsider: Account, colleague: Account, manager: Account
) -> None:
    make_scheme(2025, RELATIVE)
    for account in (officer, outsider):
        sign(project_of(account), account, manager)
    run_once()
    sign(project_of(outsider), outsider, manager)

    found = changes(run_once(), officer)

    assert words(found) == [
        ("relative", Decimal(-20), [("peers", f"同组 1 个对象的数值有变：{outsider.display_name}。")]),
        ("doubled", Decimal(-10), [("item", "随“相对计分”变动。")]),
    ]
    assert found.passed_by == (outsider.display_name,)
    assert found.standing.places_gained == -1


def test_an_item_that_is_no_longer_there_is_said_too(officer: Account, manager: Account, hr: Account) -> None:
    make_scheme(2025, RELATIVE)
    sign(project_of(officer), officer, manager)
    run_once()
    SchemeVersion.objects.create(
        year=2025,
        number=900,
        title="新版",
        text=SCHEME.replace("2026", "2025"),
        state="published",
        holds_from=date(2025, 1, 1),
        drafted_by=hr,
        published_by=manager,
        fingerprint="1" * 64,
    )

    found = changes(run_once(), officer)

    said = {one.indicator: one.causes[0].words for one in found.items}
    assert "不再有这项指标" in said["relative"]
    assert "不再有这项指标" in said["doubled"]
    assert "新增这项指标" in said["signing"]


def test_nothing_changed_and_a_first_run_say_so(begun: Run, officer: Account, hr: Account) -> None:
    again = run_once()

    assert changes(begun, officer).before is None
    assert words(changes(begun, officer))[0][2] == []
    assert changes(again, officer).items == ()
    assert movement_of(hr, begun) is None
    movement = movement_of(hr, again)
    assert movement is not None
    assert movement.is_still


def test_changes_cost_the_same_queries_for_one_and_for_all(
    begun: Run, officer: Account, outsider: Account, manager: Account, hr: Account
) -> None:
    for account in (officer, outsider):
        sign(project_of(account), account, manager)
    run = run_once()
    counts = []
    for standings in (run.standings.all()[:1], run.standings.all()):
        with CaptureQueriesContext(connection) as queries:
            changes_between(hr, run, list(standings.select_related("run", "team")))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 13


def test_the_list_names_who_moved_and_why_only_to_those_who_may_see(
    begun: Run, officer: Account, outsider: Account, manager: Account, hr: Account, client_as: SignIn
) -> None:
    project = project_of(outsider)
    sign(project, outsider, manager)
    run = run_once()
    current, named = reverse("kpi:changes") + "?view=all", reverse("kpi:run-changes", args=[run.public_id])

    whole = client_as(hr).get(named).content.decode()
    seen = client_as(officer).get(named).content.decode()

    assert f"{project.name} 签约 新认定入账" in whole
    assert outsider.display_name in seen
    assert project.name not in seen
    assert "+12.50" in seen
    assert client_as(hr).get(reverse("kpi:run-changes", args=["missing"])).status_code == 404
    first = client_as(hr).get(reverse("kpi:run-changes", args=[begun.public_id])).content.decode()
    assert "没有可比的两次核算" in first
    assert client_as(hr).get(current).status_code == 200


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("movement=gained", {"outsider"}),
        ("movement=lost", set()),
        ("movement=any", {"outsider"}),
        ("subject=team", set()),
        ("q=nobody", set()),
    ],
)
def test_the_list_is_narrowed(
    begun: Run,
    officer: Account,
    outsider: Account,
    manager: Account,
    hr: Account,
    client_as: SignIn,
    query: str,
    who: set[str],
) -> None:
    sign(project_of(outsider), outsider, manager)
    address = reverse("kpi:run-changes", args=[run_once().public_id])

    page = client_as(hr).get(f"{address}?{query}", headers={"HX-Request": "true"}).content.decode()

    assert (outsider.display_name in page) == ("outsider" in who)
    assert officer.display_name not in page


def test_the_page_of_one_subject_leads_to_fact_ledger_and_item_and_is_closed_to_others(
    begun: Run, officer: Account, outsider: Account, manager: Account, client_as: SignIn
) -> None:
    signed = sign(project_of(officer), officer, manager)
    run = run_once()
    standing = run.standings.get(person=officer.person)
    address = reverse("kpi:standing-changes", args=[standing.pk])

    page = client_as(officer).get(address).content.decode()

    line = signed.ledger_lines.get()
    assert reverse("projects:achievement", args=[signed.public_id]) in page
    assert reverse("kpi:ledger-line", args=[line.pk]) in page
    assert reverse("kpi:item-explanation", args=[standing.items.get(indicator="signing").pk]) in page
    assert client_as(outsider).get(address).status_code == 404


def test_the_page_of_a_run_says_who_moved_most(
    begun: Run, outsider: Account, manager: Account, hr: Account, client_as: SignIn
) -> None:
    sign(project_of(outsider), outsider, manager)
    run = run_once()

    page = client_as(hr).get(reverse("kpi:run", args=[run.public_id])).content.decode()
    first = client_as(hr).get(reverse("kpi:run", args=[begun.public_id])).content.decode()

    assert "谁变了" in page
    assert reverse("kpi:run-changes", args=[run.public_id]) in page
    assert outsider.display_name in page
    assert "谁变了" not in first
    assert Standing.objects.filter(run=run).exists()

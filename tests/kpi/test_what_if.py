"""A trial says what a real run then finds, shows nobody else's figures, and writes nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import kpi
from kpi.actions import TargetRow, draft_scheme, publish_scheme, set_targets
from kpi.models import AssessmentYear, Item, Run, Standing
from kpi.queries.assumptions import Assumption, checked, read_assumption
from kpi.queries.what_if import Option, WhatIf, what_if
from projects.actions import recognise_achievement, report_achievement, return_achievement
from projects.actions.project import advance_project
from projects.models import Achievement, Project
from promotion.errors import NotFound, Refused
from promotion.models import AuditEntry
from staff.models import Account, Team
from tests.factories.projects import make_share
from tests.factories.sites import make_promise
from tests.factories.stories import YEAR, a_paper, days_ago, recalculate, recognised_signing, signed_project

SCHEME = Path(kpi.__file__).parent / "schemes" / "high-tech-zone-2026.yaml"
TODAY = timezone.localdate()

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def assessed(
    hr: Account,
    manager: Account,
    officer: Account,
    outsider: Account,
    colleague: Account,
    first_team: Team,
    second_team: Team,
) -> Account:
    """A year by the default scheme: the outsider leads with one signing, the officer has one that waits."""
    text = SCHEME.read_text("utf-8").replace("2026", str(YEAR))
    publish_scheme(actor=manager, scheme=draft_scheme(actor=hr, year=YEAR, text=text))
    targets = {"signing": 2, "foreign_capital": 400, "output": 5, "tax": 1}
    rows = [
        TargetRow(code, Decimal(n), person=one.person)
        for code, n in targets.items()
        for one in (officer, outsider, colleague)
    ]
    rows += [
        TargetRow(code, Decimal(n), team=team)
        for code, n in targets.items()
        for team in (first_team, second_team)
    ]
    set_targets(actor=hr, year=YEAR, rows=rows)
    recognised_signing(outsider, manager, "二号芯片", amount=2_000_000_000)
    recalculate()
    return officer


def tried(account: Account, *chosen: str, assumed: tuple[str, ...] = ()) -> WhatIf:
    return what_if(account, YEAR, TODAY, chosen, assumed)


def option(found: WhatIf, start: str) -> Option:
    return next(one for one in (*found.options, *found.idle) if one.step.key.startswith(start))


def scored(run: Run, account: Account) -> tuple[Decimal, int, dict[str, Decimal | None]]:
    standing = Standing.objects.get(run=run, person=account.person)
    items = Item.objects.filter(standing=standing).values_list("indicator", "points")
    return standing.total, standing.rank, dict(items)


def foretold(found: WhatIf) -> tuple[Decimal, int, dict[str, Decimal | None]]:
    assert found.effect is not None
    sheet = found.effect.after
    return sheet.total, found.effect.place_after, {item.code: item.points for item in sheet.items}


def test_a_waiting_signing_counts_as_a_real_run_counts_it(
    assessed: Account, manager: Account, first_team: Team
) -> None:
    project = signed_project(assessed, "一号电池", amount=350_000_000)
    waiting = project.achievements.get(kind="signed")

    found = tried(assessed, f"a.{waiting.public_id}")

    assert (found.base.before.total, found.base.place_before, found.base.size) == (0, 2, 3)
    assert option(found, "a.").effect == found.effect
    assert (found.effect and found.effect.difference) == 4
    told, team = foretold(found), found.team
    recognise_achievement(actor=manager, achievement=waiting)
    run = recalculate()
    assert scored(run, assessed) == told
    assert team is not None
    standing = Standing.objects.get(run=run, team=first_team)
    assert (standing.total, standing.rank) == (team.after.total, team.place_after)


def test_milestones_and_money_together_count_as_a_real_run_counts_them(
    assessed: Account, manager: Account, colleague: Account
) -> None:
    """Shared with a mate, who gains as well, and cut by the cap of the item."""
    project = recognised_signing(assessed, manager, "一号电池", capital_source="foreign").project
    assert project is not None
    recalculate()
    money = Assumption("paid_in", TODAY, Decimal(5_000_000), "USD", project=project.public_id)
    found = tried(assessed, f"m.{project.public_id}.registered", assumed=(money.text,))

    told = foretold(found)
    assert found.effect is not None
    assert {one.after.code: one.difference for one in found.effect.items} == {
        "foreign_capital": Decimal(25),
        "landing": Decimal("0.5"),
    }
    registered = advance_project(
        actor=assessed,
        project=project,
        to="registered",
        details={"credit_code": "91320200MA1MF8GK7U"},
        milestone={"happened_on": TODAY, "amount": Decimal(1_000_000), "evidence": [a_paper("执照.pdf")]},
    ).achievements.get(kind="registered")
    paid = report_achievement(
        actor=assessed,
        kind="paid_in",
        project=project,
        happened_on=TODAY,
        amount=Decimal(5_000_000),
        currency="USD",
        exchange_rate=Decimal("7.1203"),
        rate_on=TODAY,
        certificate="FX-1",
        evidence=[a_paper("回单.pdf")],
    )
    for one in (registered, paid):
        recognise_achievement(actor=manager, achievement=one, exception_reason="演示")
    assert scored(recalculate(), assessed) == told


CARDS = """
scheme: cards
title: 单项目计分卡
year: 2026
exchange: {rate: fixed, fixed: {USD: 7}}
groups:
  officers: {title: 招商专员, subjects: [officer]}
  teams: {title: 攻坚团队, subjects: [task_force, stationed]}
indicators:
  - code: cards
    title: 项目卡
    measures:
      signed: {title: 签约, facts: [signed], aggregate: count}
      paid: {title: 到账, facts: [paid_in], aggregate: sum, unit: 万元, share: amount}
    rule:
      kind: per_project
      cap: 6
      part:
        kind: sum
        parts:
          - {kind: count_times_points, terms: [{of: signed, each: 2}]}
          - {kind: per_step, of: paid, step: 1000, points: 1, steps: whole}
  - code: wins
    title: 对上争取
    measures:
      wins: {title: 争取, facts: [win], aggregate: count, at_most: {each: month, count: 1}}
    rule: {kind: count_times_points, terms: [{of: wins, each: 5}]}
"""


def test_cards_rates_and_limits_count_as_a_real_run_counts_them(
    hr: Account, manager: Account, officer: Account, outsider: Account
) -> None:
    """What no single statement measures: projects one by one, dollars at the scheme's rate, one win a month."""
    draft = draft_scheme(actor=hr, year=YEAR, text=CARDS.replace("2026", str(YEAR)))
    publish_scheme(actor=manager, scheme=draft)
    project = recognised_signing(officer, manager, "一号电池", capital_source="foreign").project
    assert project is not None
    recalculate()
    money = Assumption("paid_in", TODAY, Decimal(3_000_000), "USD", project=project.public_id)
    win = Assumption("win", TODAY, detail="city")

    found = tried(officer, assumed=(money.text, win.text, win.text))

    # 2 for the signing, 2 for 2,100 ten thousand at 7 to the dollar, 5 for one of the two wins.
    assert foretold(found)[0] == 9
    paid = report_achievement(
        actor=officer,
        kind="paid_in",
        project=project,
        happened_on=TODAY,
        amount=Decimal(3_000_000),
        currency="USD",
        exchange_rate=Decimal("7.9"),
        rate_on=TODAY,
        certificate="FX-1",
        evidence=[a_paper("回单.pdf")],
    )
    recognise_achievement(actor=manager, achievement=paid)
    for title in ("甲", "乙"):
        reported = report_achievement(
            actor=officer, kind="win", person=officer.person, happened_on=TODAY, title=title, level="city"
        )
        recognise_achievement(actor=manager, achievement=reported)
    assert scored(recalculate(), officer) == foretold(found)


def test_what_was_recognised_since_the_run_is_named_as_such(assessed: Account, manager: Account) -> None:
    recognised_signing(assessed, manager, "一号电池")

    step = option(tried(assessed), "a.").step

    assert (str(step.state), step.is_open) == ("已认定，待核算", False)
    recalculate()
    assert not [one for one in tried(assessed).options if one.step.key.startswith("a.")]


def test_what_was_sent_back_counts_until_it_is_reported_again(assessed: Account, manager: Account) -> None:
    achievement = signed_project(assessed, "一号电池").achievements.get()
    return_achievement(actor=manager, achievement=achievement, reason="缺附件。")

    found = option(tried(assessed), "a.")

    assert (str(found.step.state), found.step.is_open, found.effect.difference) == ("被退回", True, 4)


def test_later_milestones_bring_the_earlier_ones_along(assessed: Account, manager: Account) -> None:
    project = recognised_signing(assessed, manager, "一号电池").project
    assert project is not None
    recalculate()
    base = f"m.{project.public_id}"

    found = tried(assessed)

    gains = {
        kind: option(found, f"{base}.{kind}").effect.difference
        for kind in ("registered", "started", "completed", "produced")
    }
    assert gains == {
        "registered": Decimal("0.5"),
        "started": Decimal("1.5"),
        "completed": Decimal("2.5"),
        "produced": Decimal("4.5"),
    }
    assert option(found, f"{base}.produced").step.title == "投产（含注册登记、开工、竣工）"
    both = tried(assessed, f"{base}.produced", f"{base}.started")
    assert both.effect is not None
    assert both.effect.difference == Decimal("4.5")


def test_a_lead_counts_by_its_planned_amount_and_not_without_one(assessed: Account) -> None:
    project = signed_project(assessed, "一号电池")
    Achievement.objects.filter(project=project).update(state="withdrawn")
    Project.objects.filter(pk=project.pk).update(stage="admission", planned_investment=Decimal(20_000_000))

    found = option(tried(assessed), f"m.{project.public_id}.signed")
    assert found.reason == "金额 0.2 亿元，未满 0.3 亿元起点。"
    Project.objects.filter(pk=project.pk).update(planned_investment=Decimal(5_000_000_000))
    assert option(tried(assessed), f"m.{project.public_id}.signed").effect.difference == 18


def test_promises_and_the_rest_of_the_contract_are_not_counted_twice(
    assessed: Account, manager: Account
) -> None:
    project = recognised_signing(assessed, manager, "一号电池", capital_source="foreign").project
    assert project is not None
    promised = {"figure": Decimal(50_000_000), "unit": "yuan", "due_on": date(YEAR, 12, 31)}
    make_promise(project, assessed, direction="company", subject="paid_in", **promised)
    recalculate()

    found = tried(assessed)

    amounts = {start: option(found, start).step.facts[0].fact.amount for start in ("p.", "r.")}
    assert amounts == {"p.": 50_000_000, "r.": 150_000_000}


def test_targets_are_filled_with_the_smallest_facts_that_count(assessed: Account) -> None:
    found = tried(assessed)

    signing, foreign, output = (
        option(found, f"t.{code}") for code in ("signing", "foreign_capital", "contribution")
    )
    assert signing.step.detail == "距全年目标还缺 2 个 · 每个按起点 0.3 亿元计"
    assert (len(signing.step.facts), signing.effect.difference) == (2, 2)
    assert (foreign.effect.difference, foreign.effect.place_after) == (25, 1)
    assert output.step.facts[0].fact.kind == "tax"


def test_the_quickest_way_takes_the_fewest_open_things(assessed: Account, manager: Account) -> None:
    for name in ("一", "二", "三"):
        signed_project(assessed, f"{name}号", amount=500_000_000)

    way = tried(assessed).way

    assert way is not None
    assert [one.key[:2] for one in way.steps] == ["a.", "a.", "a."]
    assert (way.effect.after.total, way.effect.place_after) == (12, 1)


def test_without_a_better_place_there_is_no_way(assessed: Account, outsider: Account) -> None:
    assert tried(outsider).way is None
    assert tried(outsider).ahead is None
    found = tried(assessed)
    assert found.ahead is not None
    assert (found.ahead.place, found.ahead.points) == (1, 10)


def test_nothing_is_written(assessed: Account) -> None:
    signed_project(assessed, "一号电池")
    before = AuditEntry.objects.count()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        tried(assessed)

    assert all(one["sql"].strip().lstrip("(").upper().startswith(("SELECT", "WITH")) for one in queries)
    assert AuditEntry.objects.count() == before


def test_queries_do_not_grow_with_the_projects(assessed: Account, manager: Account) -> None:
    counts = []
    for name in ("一", "二", "三", "四"):
        signed_project(assessed, f"{name}号电池")
        tried(assessed)
        with CaptureQueriesContext(connection) as queries:
            tried(assessed)
        counts.append(len(queries))

    assert len(set(counts)) == 1


def test_a_project_of_others_is_neither_offered_nor_assumed(assessed: Account, outsider: Account) -> None:
    project = signed_project(outsider, "别人的")
    Project.objects.filter(pk=project.pk).update(is_secret=False)

    assert not [one for one in tried(assessed).options if one.step.project]
    text = Assumption("signed", TODAY, Decimal(10**8), project=project.public_id).text
    with pytest.raises(Refused, match="不是您的项目"):
        tried(assessed, assumed=(text,))


def test_a_share_in_a_mates_project_counts_by_the_share(
    assessed: Account, colleague: Account, manager: Account
) -> None:
    project = signed_project(colleague, "同事的", amount=350_000_000)
    assert assessed.person is not None
    assert colleague.person is not None
    project.shares.all().delete()
    make_share(project, assessed.person, 25)
    make_share(project, colleague.person, 75, role="capture")
    waiting = project.achievements.get()

    found = option(tried(assessed), "a.")
    assert found.effect.difference == 1
    # The mate passes too: three quarters of the same signing.
    assert found.effect.place_after == 3
    told = tried(assessed, found.step.key)
    recognise_achievement(actor=manager, achievement=waiting)
    assert scored(recalculate(), assessed) == foretold(told)


def test_a_later_day_counts_the_time_that_passes_until_then(assessed: Account) -> None:
    last = date(YEAR, 12, 31)
    found = tried(assessed, assumed=(Assumption("win", last, detail="national").text,))

    assert found.as_of == last
    assert found.effect is not None
    assert found.effect.difference == 5


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "announced"}, "kind"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"currency": "EUR"}, "currency"),
        ({"share": Decimal(101)}, "share"),
        ({"kind": "win"}, "detail"),
        ({"source": "x"}, "source"),
    ],
)
def test_a_wrong_assumption_is_refused_with_its_field(wrong: dict[str, object], field: str) -> None:
    good = Assumption("paid_in", TODAY, Decimal(10), "USD", Decimal(50), "", "", "foreign")
    assert read_assumption(good.text) == good == checked(good)

    with pytest.raises(Refused) as refused:
        checked(replace(good, **wrong))  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("text", ["", "signed", "signed~x~~~~~~", "signed~2026-01-01~NaN~CNY~~~~", "~" * 7])
def test_an_unreadable_assumption_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_assumption(text)


def test_an_assumption_of_another_year_and_too_many_are_refused(assessed: Account) -> None:
    other = Assumption("signed", date(YEAR - 1, 5, 1), Decimal(10**8)).text
    with pytest.raises(Refused, match="之内"):
        tried(assessed, assumed=(other,))
    with pytest.raises(Refused, match="最多 20 条"):
        tried(assessed, assumed=(other,) * 21)


def test_only_who_stands_in_the_ranking_can_try(assessed: Account, hr: Account, manager: Account) -> None:
    for account in (hr, manager):
        with pytest.raises(NotFound):
            tried(account)
    AssessmentYear.objects.filter(year=YEAR).update(closed_at=timezone.now())
    with pytest.raises(Refused, match="已关账"):
        tried(assessed)
    assert days_ago(0) == TODAY

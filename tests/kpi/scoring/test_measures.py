"""What a measure counts and what it leaves out, with the reason."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kpi.scoring.facts import CreditLine
from kpi.scoring.measures import measure
from kpi.scoring.scheme import Band, Filter, Measure
from tests.kpi.scoring.examples import credit, default_scheme, fact

BANDS = (
    Band("low", "1—5 亿元", Decimal(1), Decimal(5)),
    Band("high", "5 亿元以上", Decimal(5), None),
)


def definition(aggregate: str = "count", **others: Any) -> Measure:
    return Measure("m", "度量", ("signed",), aggregate, **others)  # type: ignore[arg-type]


def reasons(given: Measure, lines: list[CreditLine]) -> list[tuple[str, str]]:
    return [(entry.line.fact.id, entry.reason) for entry in measure(given, lines).excluded]


def test_other_kinds_are_no_candidates() -> None:
    lines = [credit(fact("a")), credit(fact("b", "started"))]
    found = measure(definition(), lines)
    assert (found.value, found.counted, found.excluded) == (Decimal(1), (lines[0],), ())


def test_shares_of_several_roles_of_one_fact_are_summed() -> None:
    signing = fact("a", amount="10")
    lines = [credit(signing, "0.3", "capture"), credit(signing, "0.5", "introduction")]
    assert measure(definition(), lines).value == Decimal("0.8")
    assert measure(definition(share_mode="none"), lines).value == 1
    assert measure(definition("sum", unit="亿元"), lines).value == 8


def test_role_that_does_not_count_is_excluded() -> None:
    signing = fact("a")
    lines = [credit(signing, "0.3", "capture"), credit(signing, "0.5", "introduction")]
    only = definition(roles=("introduction",))
    assert measure(only, lines).value == Decimal("0.5")
    assert reasons(only, lines) == [("a", "以“捕捉”角色取得，本项只计引进。")]


def test_bands_see_the_whole_amount_or_the_own_part() -> None:
    lines = [credit(fact("a", amount="8"), "0.5")]
    points = measure(definition("tiers", bands=BANDS, share_mode="points"), lines)
    amount = measure(definition("tiers", bands=BANDS, share_mode="amount"), lines)
    assert points.bands == {"low": Decimal(0), "high": Decimal("0.5")}
    assert amount.bands == {"low": Decimal(1), "high": Decimal(0)}


@pytest.mark.parametrize(
    ("amount", "bands"),
    [("1", ("1", "0")), ("4.99999999", ("1", "0")), ("5", ("0", "1")), ("0.9", ("0", "0"))],
)
def test_band_includes_its_start_and_not_its_end(amount: str, bands: tuple[str, str]) -> None:
    found = measure(definition("tiers", bands=BANDS), [credit(fact("a", amount=amount))])
    assert tuple(str(number) for number in found.bands.values()) == bands


def test_too_small_and_unrecorded_amounts_are_excluded() -> None:
    lines = [credit(fact("a", amount="0.2")), credit(fact("b"))]
    assert reasons(definition("tiers", bands=BANDS), lines) == [
        ("a", "金额 0.2 亿元，未满 1 亿元起点。"),
        ("b", "没有登记认定金额。"),
    ]
    floor = (Filter("amount", "gte", Decimal(1)),)
    assert reasons(definition(where=floor), lines) == [
        ("a", "金额 0.2 亿元，本项要求达到 1 亿元。"),
        ("b", "没有登记认定金额。"),
    ]


def test_project_counts_once_the_first_or_the_highest() -> None:
    early = credit(fact("a", amount="2", project="p", on=date(2026, 1, 5)))
    late = credit(fact("b", amount="9", project="p", on=date(2026, 5, 5)))
    loose = credit(fact("c", amount="3"))
    first = definition("tiers", bands=BANDS, once="first")
    highest = definition("tiers", bands=BANDS, once="highest")
    assert measure(first, [late, loose, early]).bands == {"low": Decimal(2), "high": Decimal(0)}
    assert reasons(first, [late, early]) == [("b", "同一项目不重复计分，已按首次计入。")]
    assert measure(highest, [early, loose, late]).bands == {"low": Decimal(1), "high": Decimal(1)}
    assert reasons(highest, [early, late]) == [("a", "同一项目不重复计分，已按较高一档计入。")]
    assert measure(definition("count_projects"), [early, late, loose]).value == 2


def test_filters_compare_like_with_like() -> None:
    lines = [credit(fact("a", level="national")), credit(fact("b", level="city")), credit(fact("c"))]
    by_level = definition(where=(Filter("level", "eq", "national"),))
    assert measure(by_level, lines).value == 1
    assert reasons(by_level, lines) == [
        ("b", "级别为“city”，本项只计“national”。"),
        ("c", "级别未登记，本项只计“national”。"),
    ]
    either = definition(where=(Filter("level", "in", ("national", "city")),))
    assert measure(either, lines).value == 2
    assert measure(definition(where=(Filter("level", "eq", Decimal(1)),)), lines).value == 0


def test_first_half_of_the_year() -> None:
    lines = [credit(fact("a", on=date(2026, 6, 30))), credit(fact("b", on=date(2026, 7, 1)))]
    assert measure(definition(where=(Filter("on", "lte", "2026-06-30"),)), lines).value == 1


def test_scheme_may_give_the_reason_in_its_own_words() -> None:
    paid_in = default_scheme().indicators[1].measures["paid_in"]
    dollars = Decimal(1_000_000)
    lines = [
        credit(fact("a", "paid_in", capital_source="foreign", amount_usd=dollars), "0.5"),
        credit(fact("b", "paid_in", capital_source="domestic", amount_usd=dollars)),
    ]
    assert measure(paid_in, lines).value == 50
    assert reasons(paid_in, lines) == [("b", "内资项目的到账资金不计入外资。")]

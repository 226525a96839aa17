"""Cards by rule: at the limit, never for better figures, one a kind, the red before the yellow."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kpi.scoring.cards import Record, Rule, finding, findings, months_between, times_last

KINDS = st.sampled_from(["behind", "last", "idle", "incidents"])
COLOURS = st.sampled_from(["yellow", "red"])
RATIO = st.decimals(0, 3, places=4)
RULES = st.lists(
    st.builds(Rule, kind=KINDS, colour=COLOURS, limit=st.integers(1, 100).map(Decimal)), max_size=8
)
RECORDS = st.builds(
    Record,
    progress=st.dictionaries(st.sampled_from(["签约", "外资", "产出"]), RATIO),
    elapsed=st.decimals(0, 1, places=4),
    times_last=st.integers(0, 12),
    idle_months=st.integers(0, 24),
    incidents=st.integers(0, 9),
)


@given(rules=RULES, record=RECORDS)
def test_each_kind_at_most_once_red_before_yellow_and_only_when_the_limit_is_reached(
    rules: list[Rule], record: Record
) -> None:
    found = findings(rules, record)
    assert len({one.kind for one in found}) == len(found)
    broken = [(rule, one) for rule in rules if (one := finding(rule, record))]
    assert {one.kind for one in found} == {rule.kind for rule, _one in broken}
    for one in found:
        assert one.actual >= one.limit
        assert one.colour == "red" or not any(
            rule.kind == one.kind and rule.colour == "red" for rule, _one in broken
        )


@given(rules=RULES, record=RECORDS, more=st.integers(1, 5))
def test_worse_figures_never_take_a_card_away(rules: list[Rule], record: Record, more: int) -> None:
    worse = replace(
        record,
        progress={title: ratio - Decimal(more) / 10 for title, ratio in record.progress.items()},
        times_last=record.times_last + more,
        idle_months=record.idle_months + more,
        incidents=record.incidents + more,
    )
    before = {one.kind: one.colour for one in findings(rules, record)}
    after = {one.kind: one.colour for one in findings(rules, worse)}
    assert before.keys() <= after.keys()
    assert all(after[kind] == "red" for kind, colour in before.items() if colour == "red")


@given(points=st.integers(1, 100), limit=st.integers(1, 100))
def test_behind_is_measured_in_points_from_the_limit_on(points: int, limit: int) -> None:
    record = Record({"签约": Decimal(1) - Decimal(points) / 100, "外资": Decimal(2)}, Decimal(1))
    found = finding(Rule("behind", "yellow", Decimal(limit)), record)
    assert (found is not None) == (points >= limit)
    assert found is None or (found.title, found.actual) == ("签约", points)


@given(ranks=st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=12))
def test_a_row_of_last_places_is_counted_from_the_newest(ranks: list[tuple[int, int]]) -> None:
    count = times_last(ranks)
    newest = ranks[len(ranks) - count :]
    assert all(rank == last > 1 for rank, last in newest)
    assert count == len(ranks) or not (ranks[-count - 1][0] == ranks[-count - 1][1] > 1)


def test_months_without_a_signing() -> None:
    assert months_between(date(2026, 3, 31), date(2026, 4, 1)) == 1
    assert months_between(date(2025, 12, 1), date(2026, 3, 31)) == 3
    assert months_between(None, date(2026, 5, 1)) == 5

"""Pay of months and years as arithmetic: exact to the cent, in whatever parts."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.pay.line import (
    BASE,
    PERFORMANCE,
    Arrears,
    Correction,
    Line,
    MonthLine,
    YearLine,
    document_of,
    line_of,
)
from kpi.pay.month import Part, Spell, month_pay
from kpi.pay.scale import Monthly, keeps_two_thirds, performance_share
from kpi.pay.table import FactorTable, Fault, Method, Point, faults
from kpi.pay.totals import FEWEST, Totals, added, grouped, shown
from kpi.pay.what_if import Assumed, Year, bill
from kpi.pay.year import settle

D = Decimal
SCALE = {
    "senior": Monthly(D(6000), D(12000)),
    "first": Monthly(D(5000), D(10000)),
    "second": Monthly(D(4000), D(8000)),
}
GRADES = st.sampled_from(list(SCALE))
CENTS = st.decimals(0, 100_000, places=2)
SCALES = st.fixed_dictionaries({grade: st.builds(Monthly, CENTS, CENTS) for grade in SCALE})
PERCENTS = st.decimals(0, 100, places=2)
LINEAR = FactorTable(Method.LINEAR, (Point(D(0), D("0.4")), Point(D(60), D(1)), Point(D(100), D("1.2"))))
STEPS = FactorTable(Method.STEPS, LINEAR.points)


@st.composite
def months(draw: st.DrawFn) -> tuple[int, list[Spell]]:
    """Days of a month, cut into spells, perhaps with days that nobody pays."""
    days = draw(st.integers(1, 31))
    cuts = sorted(draw(st.lists(st.integers(0, days), max_size=4)))
    spans = [after - before for before, after in zip([0, *cuts], [*cuts, days], strict=True)]
    return days, [Spell(draw(GRADES), span) for span in spans if draw(st.booleans())]


def test_a_whole_month_brings_what_the_scale_says() -> None:
    pay = month_pay([Spell("first", 30)], 30, SCALE, D(60))
    assert (pay.base, pay.target, pay.advance) == (D(5000), D(10000), D(6000))


def test_a_change_of_grade_splits_the_month_by_days() -> None:
    pay = month_pay([Spell("second", 10), Spell("first", 21)], 31, SCALE, D(60))
    assert [(part.grade, part.days, part.base) for part in pay.parts] == [
        ("second", 10, D("1290.32")),
        ("first", 21, D("3387.10")),
    ]
    assert (pay.base, pay.target) == (D("4677.42"), D("9354.84"))


def test_more_days_than_the_month_has_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        month_pay([Spell("first", 20), Spell("first", 12)], 31, SCALE, D(60))


@given(months(), SCALES, PERCENTS)
def test_parts_and_advances_lose_no_cent(
    month: tuple[int, list[Spell]], scale: dict[str, Monthly], percent: Decimal
) -> None:
    days, spells = month
    pay = month_pay(spells, days, scale, percent)
    assert sum((part.base for part in pay.parts), D(0)) == pay.base
    assert sum((part.target for part in pay.parts), D(0)) == pay.target
    assert D(0) <= pay.advance <= pay.target
    # The exact amount is never missed by a cent or more.
    exact = sum((scale[spell.grade].base * spell.days for spell in spells), D(0))
    assert abs(pay.base * days - exact) < days * D("0.01")


@given(months(), SCALES, st.randoms(use_true_random=False))
def test_the_order_of_spells_changes_no_total(
    month: tuple[int, list[Spell]], scale: dict[str, Monthly], chance: object
) -> None:
    days, spells = month
    mixed = list(spells)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = month_pay(spells, days, scale, D(60)), month_pay(mixed, days, scale, D(60))
    assert (one.base, one.target, one.advance) == (other.base, other.target, other.advance)


@given(st.integers(1, 31), st.integers(1, 30), GRADES, SCALES)
def test_a_month_cut_in_two_by_the_same_grade_is_the_whole_month(
    days: int, cut: int, grade: str, scale: dict[str, Monthly]
) -> None:
    cut = min(cut, days)
    split = month_pay([Spell(grade, cut), Spell(grade, days - cut)], days, scale, D(60))
    assert (split.base, split.target) == (scale[grade].base, scale[grade].performance)


@given(
    st.lists(CENTS, min_size=1, max_size=12),
    st.decimals(0, 2, places=4),
    st.lists(PERCENTS, min_size=12, max_size=12),
)
def test_advances_and_settlement_are_the_pay_of_the_year(
    targets: Sequence[Decimal], factor: Decimal, percents: Sequence[Decimal]
) -> None:
    monthly = [
        month_pay([Spell("first", 30)], 30, {"first": Monthly(D(1), target)}, percent)
        for target, percent in zip(targets, percents, strict=False)
    ]
    advanced, whole = sum((each.advance for each in monthly), D(0)), sum(targets, D(0))
    done = settle(whole, factor, advanced, D(0))
    assert advanced + done.due == done.earned
    # A changed score is settled by the difference, whatever was settled before.
    again = settle(whole, D(1), advanced, done.due)
    assert advanced + done.due + again.due == whole
    # Back to the first score the second difference is taken back.
    assert settle(whole, factor, advanced, done.due + again.due).due == -again.due


@pytest.mark.parametrize(
    ("score", "linear", "steps"),
    [
        ("0", "0.4", "0.4"),
        ("-5", "0.4", "0.4"),
        ("30", "0.7", "0.4"),
        ("60", "1", "1"),
        ("80", "1.1", "1"),
        ("100", "1.2", "1.2"),
        ("130", "1.2", "1.2"),
        ("59.99", "0.9999", "0.4"),
    ],
)
def test_a_score_becomes_a_factor(score: str, linear: str, steps: str) -> None:
    assert (LINEAR.factor(D(score)), STEPS.factor(D(score))) == (D(linear), D(steps))


def test_the_target_is_the_lowest_score_of_the_whole_pay() -> None:
    odd = FactorTable(Method.LINEAR, (Point(D(0), D(0)), Point(D(100), D(2))))
    assert (LINEAR.target, STEPS.target, odd.target) == (D(60), D(60), D(50))


@given(st.decimals(-10, 200, places=2), st.decimals(-10, 200, places=2), st.sampled_from([LINEAR, STEPS]))
def test_a_better_score_never_brings_less(one: Decimal, other: Decimal, table: FactorTable) -> None:
    low, high = sorted((one, other))
    assert table.factor(low) <= table.factor(high) <= table.highest


def test_points_that_are_no_table_are_named() -> None:
    assert faults([Point(D(0), D(1))]) == [Fault.FEW]
    assert faults([Point(D(5), D(0)), Point(D(5), D("0.9"))]) == [Fault.ORDER, Fault.NO_TARGET]
    assert faults([Point(D(0), D(2)), Point(D(5), D(1))]) == [Fault.FALLS]
    assert faults(LINEAR.points) == []


@given(CENTS, CENTS)
def test_two_thirds_are_compared_exactly(base: Decimal, performance: Decimal) -> None:
    assert keeps_two_thirds(base, performance) == (performance >= 2 * base)
    assert keeps_two_thirds(base, 2 * base)


def test_a_share_is_shown_to_one_decimal() -> None:
    assert (performance_share(D(5000), D(10000)), performance_share(D(0), D(0))) == (D("66.7"), None)


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.builds(Totals, st.just(1), CENTS, CENTS, CENTS, CENTS)),
        max_size=12,
    )
)
def test_groups_add_up_to_the_whole_in_any_order(rows: list[tuple[str, Totals]]) -> None:
    groups = grouped(rows)
    assert (
        added(groups.values())
        == added(one for _key, one in rows)
        == added(one for _key, one in reversed(rows))
    )


@given(st.dictionaries(st.sampled_from("abcdefg"), st.builds(Totals, st.integers(1, 6), CENTS, CENTS)))
def test_hidden_groups_cannot_be_reckoned_back(groups: dict[str, Totals]) -> None:
    seen = shown(groups)
    hidden = [groups[key].people for key, one in seen.items() if one is None]
    assert all(one is None or one.people >= FEWEST for one in seen.values())
    assert not hidden or sum(hidden) >= FEWEST or len(hidden) == len(groups)


CORRECTIONS = st.lists(
    st.builds(
        Correction,
        st.text("abc", min_size=1, max_size=4),
        st.sampled_from([BASE, PERFORMANCE]),
        CENTS,
        st.text(max_size=5),
        st.just("甲"),
    ),
    max_size=2,
).map(tuple)
LINES = st.one_of(
    st.builds(
        MonthLine,
        corrections=CORRECTIONS,
        month_days=st.integers(0, 31),
        parts=st.lists(st.builds(Part, GRADES, st.integers(0, 31), CENTS, CENTS), max_size=2).map(tuple),
        base=CENTS,
        target=CENTS,
        advance=CENTS,
        arrears=st.lists(st.builds(Arrears, st.integers(1, 12), CENTS, CENTS, CENTS), max_size=2).map(tuple),
    ),
    st.builds(YearLine, corrections=CORRECTIONS, target=CENTS, score=st.one_of(st.none(), CENTS), due=CENTS),
)


@given(LINES)
def test_a_line_is_read_as_it_was_written(line: Line) -> None:
    assert line_of(document_of(line), is_settlement=isinstance(line, YearLine)) == line
    assert line.total == line.base_paid + line.performance_paid


def test_a_correction_is_added_and_taken_back() -> None:
    line = MonthLine(base=D(10), advance=D(20))
    corrected = line.with_correction(Correction("k", PERFORMANCE, D(-5), "扣款", "人事"))
    assert (corrected.performance_paid, corrected.advance_paid, corrected.total) == (D(15), D(20), D(25))
    assert corrected.without_correction("k") == line


def test_a_bill_on_a_copy_is_what_months_and_settlement_come_to() -> None:
    year = Year("1", "first", ((30, (Spell("first", 30),)), (31, (Spell("first", 31),))), D(30))
    (_year, totals), *rest = bill([year], Assumed(SCALE, LINEAR))
    assert rest == []
    assert (totals.base, totals.performance, totals.target_performance) == (D(10000), D("14000.00"), D(20000))
    assert bill([year], Assumed(SCALE, LINEAR, D(1)))[0][1].performance == D(20000)


@given(st.lists(months(), min_size=1, max_size=12), GRADES)
def test_cents_of_parts_of_months_do_not_break_two_thirds(
    spans: list[tuple[int, list[Spell]]], grade: str
) -> None:
    year = Year("1", grade, tuple((days, tuple(spells)) for days, spells in spans), None)
    assert bill([year], Assumed(SCALE, LINEAR))[0][1].keeps


def test_a_scale_below_two_thirds_is_seen_in_totals() -> None:
    short = {"first": Monthly(D(5000), D(9999))}
    year = Year("1", "first", ((30, (Spell("first", 30),)),), None)
    assert not bill([year], Assumed(short, LINEAR))[0][1].keeps

"""Properties of the team bonus: nothing is lost to the cent, nothing hangs on the order, and what is posted is the part or nothing."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.bonus_arithmetic import STEP, WHOLE, line_for, plan, pool_of, suggested
from promotion.money import CENT, divided

CENTS = st.integers(1, 10**11).map(lambda cents: Decimal(cents) * CENT)


@st.composite
def percentages(draw: st.DrawFn) -> dict[str, Decimal]:
    """Hundredths of per cent that total exactly 100."""
    weights = draw(st.lists(st.integers(1, 1000), min_size=1, max_size=9))
    parts = divided(WHOLE, [Decimal(weight) for weight in weights], STEP)
    return {f"G{place:04}": part for place, part in enumerate(parts) if part}


@st.composite
def phases(draw: st.DrawFn) -> list[Decimal]:
    weights = draw(st.lists(st.integers(1, 100), min_size=1, max_size=5))
    return [part for part in divided(WHOLE, [Decimal(weight) for weight in weights], STEP) if part]


@given(CENTS, percentages(), phases())
def test_shares_total_the_whole_and_parts_their_share(
    whole: Decimal, percents: dict[str, Decimal], weights: list[Decimal]
) -> None:
    found = plan(whole, percents, weights)
    assert set(found) == set(percents)
    assert sum(one.amount for one in found.values()) == whole
    for key, one in found.items():
        assert (one.percent, sum(one.parts), len(one.parts)) == (percents[key], one.amount, len(weights))
        assert all(part >= 0 and part == part.quantize(CENT) for part in one.parts)
    by_phase = [sum(one.parts[place] for one in found.values()) for place in range(len(weights))]
    assert sum(by_phase) == whole


@given(CENTS, percentages(), phases())
def test_a_share_is_its_percentage_to_the_cent(
    whole: Decimal, percents: dict[str, Decimal], weights: list[Decimal]
) -> None:
    for key, one in plan(whole, percents, weights).items():
        assert abs(one.amount - whole * percents[key] / 100) < CENT


@given(CENTS, percentages(), phases(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(
    whole: Decimal, percents: dict[str, Decimal], weights: list[Decimal], chance: random.Random
) -> None:
    lines = list(percents.items())
    chance.shuffle(lines)
    assert plan(whole, dict(lines), weights) == plan(whole, percents, weights)


@given(percentages(), st.integers(1, 10**6))
def test_what_does_not_divide_a_whole_is_refused(percents: dict[str, Decimal], more: int) -> None:
    key = next(iter(percents))
    for wrong in (percents[key] + STEP * more, percents[key] - percents[key]):
        with pytest.raises(ValueError, match="do not divide"):
            plan(Decimal(100), {**percents, key: wrong}, [WHOLE])


@given(st.dictionaries(st.text("abcd", min_size=1, max_size=3), st.integers(0, 100).map(Decimal), max_size=8))
def test_a_suggestion_totals_100_and_leaves_out_who_has_nothing(shares: dict[str, Decimal]) -> None:
    found = suggested(shares)
    held = {key for key, share in shares.items() if share > 0}
    assert set(found) <= held
    assert sum(found.values()) == (WHOLE if held else 0)
    for one in found:
        for other in found:
            if shares[one] > shares[other]:
                assert found[one] >= found[other]


@given(CENTS, st.lists(st.booleans(), max_size=12))
def test_posting_and_taking_back_leaves_the_part_or_nothing(amount: Decimal, course: list[bool]) -> None:
    posted = Decimal(0)
    for is_due in course:
        line = line_for(amount, posted, is_due=is_due)
        assert line in (0, amount, -amount)
        posted += line
        assert posted == (amount if is_due else 0)
        assert line_for(amount, posted, is_due=is_due) == 0
    assert posted + line_for(amount, posted, is_due=False) == 0


@given(CENTS, st.integers(1, 9_999).map(lambda rate: Decimal(rate) / 1000), CENTS)
def test_a_pool_by_rate_grows_with_the_contract_up_to_its_cap(
    base: Decimal, per_mille: Decimal, cap: Decimal
) -> None:
    found = pool_of("rate", None, per_mille, cap, base)
    assert found == found.quantize(CENT)
    assert found <= cap
    assert found <= pool_of("rate", None, per_mille, cap, base + 100)
    if found < cap:
        assert abs(found - base * per_mille / 1000) <= CENT / 2
    assert pool_of("fixed", cap, None, None, base) == cap

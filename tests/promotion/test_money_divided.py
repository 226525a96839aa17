"""Amounts divided by weight: to the cent, whatever the weights, and the same for the same weight wherever it stands."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promotion.money import CENT, divided

cents = st.integers(-(10**12), 10**12).map(lambda number: number * CENT)
weights = st.lists(st.decimals(0, 10_000, places=4), min_size=1, max_size=30).filter(any)


@given(cents, weights)
def test_parts_total_the_whole_and_lie_within_a_step_of_their_share(
    whole: Decimal, shares: list[Decimal]
) -> None:
    parts = divided(whole, shares)
    assert sum(parts) == whole
    for part, weight in zip(parts, shares, strict=True):
        assert abs(part - whole * weight / sum(shares)) < CENT
        assert part == part.quantize(CENT)


@given(cents, weights)
def test_who_weighs_more_never_gets_less(whole: Decimal, shares: list[Decimal]) -> None:
    paired = sorted(zip(shares, divided(abs(whole), shares), strict=True))
    for (less, smaller), (more, larger) in itertools.pairwise(paired):
        assert less == more or smaller <= larger


@pytest.mark.parametrize(
    ("whole", "shares", "parts"),
    [
        ("100", ["1", "1", "1"], ["33.34", "33.33", "33.33"]),
        ("0.01", ["1", "2"], ["0.00", "0.01"]),
        ("0", ["1", "2"], ["0.00", "0.00"]),
        ("-100", ["1", "1", "1"], ["-33.34", "-33.33", "-33.33"]),
        ("10", ["0", "5"], ["0.00", "10.00"]),
    ],
)
def test_missing_cents_go_to_the_largest_remainders(whole: str, shares: list[str], parts: list[str]) -> None:
    assert divided(Decimal(whole), [Decimal(share) for share in shares]) == [Decimal(part) for part in parts]


@pytest.mark.parametrize(
    ("whole", "shares"), [("0.001", ["1"]), ("1", ["-1", "2"]), ("1", ["0", "0"]), ("1", [])]
)
def test_what_cannot_be_divided_is_refused(whole: str, shares: list[str]) -> None:
    with pytest.raises(ValueError, match=r"cannot be divided|total nothing"):
        divided(Decimal(whole), [Decimal(share) for share in shares])

"""Thresholds of grades as arithmetic."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.pay.grades import LADDER, Held, Measure, Proposed, Result, Thresholds, movement, propose, reached

BY_SCORE = Thresholds(Measure.SCORE, Decimal(80), Decimal(60), most_up=1, most_down=1)
BY_PLACE = Thresholds(Measure.PLACE, Decimal(10), Decimal(50), most_up=1, most_down=1)
GRADES = st.sampled_from(LADDER)
RESULTS = st.builds(
    Result,
    score=st.decimals(0, 120, places=2),
    rank=st.integers(1, 200),
    group_size=st.just(200),
    eligible=st.sampled_from([True, False, None]),
    undecided=st.integers(0, 2),
)
THRESHOLDS = st.builds(
    Thresholds,
    measure=st.sampled_from(list(Measure)),
    senior=st.decimals(0, 100, places=2),
    first=st.decimals(0, 100, places=2),
    most_up=st.integers(0, 2),
    most_down=st.integers(0, 2),
    needs_gates=st.booleans(),
)


def result(score: str = "70", rank: int = 5, **more: object) -> Result:
    return Result(Decimal(score), rank, 50, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("score", "grade"),
    [("80", "senior"), ("79.99", "first"), ("60", "first"), ("59.99", "second"), ("0", "second")],
)
def test_a_threshold_is_met_by_exactly_its_score(score: str, grade: str) -> None:
    assert reached(result(score), BY_SCORE) == grade


@pytest.mark.parametrize(("rank", "grade"), [(5, "senior"), (6, "first"), (25, "first"), (26, "second")])
def test_a_place_is_compared_in_percent_of_the_group(rank: int, grade: str) -> None:
    assert reached(result(rank=rank), BY_PLACE) == grade


def test_nobody_moves_further_than_the_rule_lets() -> None:
    assert propose("second", result("90"), BY_SCORE) == Proposed("first", "senior", Held.STEPS)
    assert propose("senior", result("10"), BY_SCORE) == Proposed("first", "second", Held.STEPS)
    assert propose("second", result("90"), replace(BY_SCORE, most_up=2)) == Proposed("senior", "senior")


def test_a_gate_keeps_from_rising_and_not_from_falling() -> None:
    assert propose("first", result("90", eligible=False), BY_SCORE) == Proposed("first", "senior", Held.GATE)
    assert propose("first", result("90", eligible=None), BY_SCORE).held == Held.GATE
    assert propose("first", result("10", eligible=False), BY_SCORE) == Proposed("second", "second")
    assert (
        propose("first", result("90", eligible=False), replace(BY_SCORE, needs_gates=False)).grade == "senior"
    )


def test_without_a_decided_result_the_grade_stays() -> None:
    assert propose("senior", None, BY_SCORE) == Proposed("senior", "senior", Held.NO_RESULT)
    assert propose("senior", result("10", undecided=1), BY_SCORE) == Proposed(
        "senior", "second", Held.UNDECIDED
    )


@given(GRADES, st.one_of(st.none(), RESULTS), THRESHOLDS)
def test_a_proposal_stays_within_the_ladder_and_the_steps(
    present: str, found: Result | None, thresholds: Thresholds
) -> None:
    proposed = propose(present, found, thresholds)
    steps = movement(present, proposed.grade)
    assert -thresholds.most_down <= steps <= thresholds.most_up
    if proposed.held == Held.NOTHING:
        assert proposed.grade == proposed.reached


@given(GRADES, RESULTS, RESULTS, THRESHOLDS)
def test_a_better_result_never_brings_a_lower_grade(
    present: str, one: Result, other: Result, thresholds: Thresholds
) -> None:
    better = replace(
        one,
        score=max(one.score, other.score),
        rank=min(one.rank, other.rank),
        eligible=True,
        undecided=0,
    )
    worse = replace(better, score=min(one.score, other.score), rank=max(one.rank, other.rank))
    reach = [movement(present, propose(present, each, thresholds).grade) for each in (better, worse)]
    assert reach[0] >= reach[1]

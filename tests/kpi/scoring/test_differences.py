"""The list of changes is the exact difference of two results: whoever differs, nobody else, and the points add up."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kpi.scoring.differences import Difference, ItemDifference, Result, differences

POINTS = st.decimals(-50, 100, places=2, allow_nan=False)
ITEMS = st.dictionaries(st.sampled_from("abcd"), st.none() | POINTS, max_size=4)
RESULTS = st.dictionaries(
    st.integers(0, 5),
    st.builds(
        Result,
        total=POINTS,
        rank=st.integers(1, 6),
        merit=st.sampled_from(["", "优秀", "合格"]),
        points=ITEMS,
        reported=st.frozensets(st.sampled_from("abcd"), max_size=2),
    ),
    max_size=6,
)


def scored(result: Result) -> dict[str, Decimal]:
    """An item that is not there and one that is not scored have the same: no points."""
    return {code: points for code, points in result.points.items() if points is not None}


@given(RESULTS, RESULTS)
def test_whoever_differs_is_listed_and_nobody_else(
    before: dict[int, Result], after: dict[int, Result]
) -> None:
    found = differences(before, after)
    for key in {*before, *after}:
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            assert key in found
            continue
        same = (old.total, old.rank, old.merit, scored(old)) == (new.total, new.rank, new.merit, scored(new))
        assert (key in found) is not same
    assert set(found) <= {*before, *after}


@given(RESULTS, RESULTS)
def test_the_points_lead_from_one_result_to_the_other(
    before: dict[int, Result], after: dict[int, Result]
) -> None:
    for key, one in differences(before, after).items():
        old, new = before.get(key), after.get(key)
        assert (old.total if old else 0) + one.points == (new.total if new else 0)
        assert sum(item.points for item in one.items if item.counts) + one.rest == one.points
        then = scored(old) if old else {}
        for item in one.items:
            then[item.code] = then.get(item.code, Decimal(0)) + item.points
        now = scored(new) if new else {}
        assert {code: points for code, points in then.items() if points} == {
            code: points for code, points in now.items() if points
        }


@given(RESULTS)
def test_a_result_does_not_differ_from_itself(result: dict[int, Result]) -> None:
    assert differences(result, result) == {}


@given(RESULTS, RESULTS)
def test_the_way_back_is_the_opposite(before: dict[int, Result], after: dict[int, Result]) -> None:
    there, back = differences(before, after), differences(after, before)
    assert there.keys() == back.keys()
    assert all(there[key].points == -back[key].points for key in there)


def test_a_place_that_moved_alone_is_told_apart() -> None:
    before = {"a": Result(Decimal(10), 1, points={"x": Decimal(10)})}
    after = {"a": Result(Decimal(10), 2, points={"x": Decimal(10)}), "b": Result(Decimal(12), 1)}
    found = differences(before, after)
    assert (found["a"].is_rank_only, found["b"].is_rank_only) == (True, False)


def test_what_is_only_reported_does_not_count_and_a_cap_is_the_rest() -> None:
    before = {"a": Result(Decimal(95), 1, points={"x": Decimal(60), "r": Decimal(1)})}
    after = {
        "a": Result(Decimal(100), 1, points={"x": Decimal(80), "r": Decimal(5)}, reported=frozenset("r"))
    }
    (one,) = differences(before, after).values()
    assert one == Difference(
        "a",
        before["a"],
        after["a"],
        (
            ItemDifference("x", Decimal(60), Decimal(80)),
            ItemDifference("r", Decimal(1), Decimal(5), counts=False),
        ),
    )
    assert (one.points, one.rest) == (Decimal(5), Decimal(-15))

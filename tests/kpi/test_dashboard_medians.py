"""The median days per stage, counted from equal days put together."""

import pytest

from kpi.queries.dashboard import _median


@pytest.mark.parametrize(
    ("counted", "median"),
    [
        ([(4, 1)], 4),
        ([(1, 2), (9, 1)], 1),
        ([(1, 1), (9, 2)], 9),
        ([(2, 1), (6, 1)], 4),
        ([(2, 2), (3, 2)], 2),
        ([(3, 2), (4, 2)], 4),
        ([(0, 3), (10, 3), (20, 1)], 10),
    ],
)
def test_the_middle_one_or_the_mean_of_the_two_in_the_middle(
    counted: list[tuple[int, int]], median: int
) -> None:
    assert _median(counted) == median

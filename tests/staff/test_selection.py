"""The pure calculation: weights, trimming, ties, proposals."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff.selection import Ranked, Wish, judge_total, propose, ranking, shown, trimmed

points = st.decimals(min_value=0, max_value=100, places=2)
totals = st.lists(points.map(Fraction), min_size=3, max_size=9)


def test_a_total_weighs_each_criterion_exactly() -> None:
    weights = {"谈判": Decimal("33.33"), "产业": Decimal("66.67")}

    total = judge_total({"谈判": Decimal(90), "产业": Decimal("80.5")}, weights)

    assert total == Fraction(8366635, 100000)
    assert shown(total) == Decimal("83.67")
    with pytest.raises(ValueError, match="different criteria"):
        judge_total({"谈判": Decimal(90)}, weights)


def test_a_mark_drops_the_highest_and_the_lowest_judge() -> None:
    mark = trimmed({"甲": Fraction(90), "乙": Fraction(70), "丙": Fraction(80), "丁": Fraction(85)}, 1)

    assert (mark.value, mark.dropped_high, mark.dropped_low, mark.counted) == (
        Fraction(165, 2),
        ("甲",),
        ("乙",),
        ("丙", "丁"),
    )
    with pytest.raises(ValueError, match="too few"):
        trimmed({"甲": Fraction(90), "乙": Fraction(70)}, 1)


def test_rounding_is_half_up_and_only_for_showing() -> None:
    assert [shown(Fraction(n, 1000)) for n in (82345, 82344, 82355)] == [
        Decimal("82.35"),
        Decimal("82.34"),
        Decimal("82.36"),
    ]
    close = ranking({"甲": Fraction(82345, 1000), "乙": Fraction(82346, 1000)})
    assert [(each.key, each.rank, each.shared) for each in close] == [("乙", 1, False), ("甲", 2, False)]


def test_equal_marks_share_a_rank_and_leave_out_the_next() -> None:
    found = ranking({"甲": Fraction(80), "乙": Fraction(90), "丙": Fraction(80), "丁": Fraction(70)})

    assert [(each.key, each.rank, each.shared) for each in found] == [
        ("乙", 1, False),
        ("甲", 2, True),
        ("丙", 2, True),
        ("丁", 4, False),
    ]


@given(totals, st.randoms(use_true_random=False))
def test_the_order_of_judges_does_not_matter(values: list[Fraction], random: object) -> None:
    order = list(enumerate(values))
    random.shuffle(order)  # type: ignore[attr-defined]

    assert trimmed(dict(order), 1).value == trimmed(dict(enumerate(values)), 1).value


@given(totals)
def test_a_mark_lies_between_the_lowest_and_the_highest(values: list[Fraction]) -> None:
    assert min(values) <= trimmed(dict(enumerate(values)), 1).value <= max(values)


@given(st.lists(points, min_size=2, max_size=6))
def test_equal_points_weigh_to_themselves(values: list[Decimal]) -> None:
    weights = {place: Decimal(100) / len(values) for place in range(len(values))}
    even = dict.fromkeys(weights, values[0])

    total = judge_total(even, weights)

    assert abs(total - Fraction(values[0])) < Fraction(1, 10**20)


@given(st.dictionaries(st.integers(0, 30), points.map(Fraction), min_size=1, max_size=20))
def test_a_better_mark_never_ranks_behind_a_worse_one(marks: dict[int, Fraction]) -> None:
    ranks = {each.key: each.rank for each in ranking(marks)}

    assert all(
        (ranks[a] < ranks[b]) == (marks[a] > marks[b]) for a in marks for b in marks if marks[a] != marks[b]
    )


def ranked(**marks: int) -> list[Ranked[str]]:
    return ranking({key: Fraction(value) for key, value in marks.items()})


def test_posts_go_by_rank_to_the_first_choice_with_a_seat() -> None:
    wishes = {"a": Wish(["一"]), "b": Wish(["一", "二"]), "c": Wish(["一"]), "d": Wish(["二"])}

    found = propose(
        ranked(a=90, b=80, c=70, d=50), wishes, {"一": 1, "二": 2}, {"一": "x", "二": "x"}, Decimal(60)
    )

    assert (found.placed, found.contested) == ({"a": "一", "b": "二"}, frozenset())


def test_whom_only_a_tie_parts_people_decide() -> None:
    wishes = {"a": Wish(["一"]), "b": Wish(["一"]), "c": Wish(["二"], accepts_reassignment=True)}

    found = propose(ranked(a=80, b=80, c=70), wishes, {"一": 1, "二": 1}, {"一": "x", "二": "x"}, Decimal(60))

    assert (found.placed, found.contested) == ({"c": "二"}, frozenset({"a", "b"}))


def test_who_accepts_another_post_gets_one_of_the_same_grade() -> None:
    wishes = {
        "a": Wish(["一"]),
        "b": Wish(["一"], True, frozenset({"second"})),
        "c": Wish(["一"]),
    }

    found = propose(
        ranked(a=90, b=80, c=70),
        wishes,
        {"一": 1, "二": 1, "三": 1},
        {"一": "second", "二": "senior", "三": "second"},
        Decimal(60),
    )

    assert found.placed == {"a": "一", "b": "三"}


@given(st.dictionaries(st.integers(0, 20), st.integers(50, 100), max_size=15), st.integers(1, 3))
def test_never_more_people_than_seats(marks: dict[int, int], seats: int) -> None:
    rows = ranking({key: Fraction(value) for key, value in marks.items()})
    wishes = {key: Wish(["一", "二"], True, frozenset({"x"})) for key in marks}

    found = propose(rows, wishes, {"一": seats, "二": 1, "三": 1}, dict.fromkeys("一二三", "x"), Decimal(60))

    for post, limit in (("一", seats), ("二", 1), ("三", 1)):
        assert list(found.placed.values()).count(post) <= limit
    assert all(marks[key] >= 60 for key in found.placed)

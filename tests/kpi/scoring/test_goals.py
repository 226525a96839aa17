"""Which targets a scheme asks for, whether parts add up, and spreading a year exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.scoring.document import parse_scheme
from kpi.scoring.goals import GRAINS, Difference, differences, digits_of, missing, owed, spread, spread_year
from kpi.scoring.scheme import in_unit
from tests.kpi.scoring.examples import scheme_of

RATIO = {"kind": "ratio_times_points", "of": "done", "target": "goal", "points": 10}
MONTHS = GRAINS["month"]


def test_what_is_owed_follows_the_rules_and_the_kind_of_subject() -> None:
    document = scheme_of(
        {**RATIO, "timing": "Q1", "level": "stretch"}, progress={"of": "done", "target": "goal"}
    )
    other = scheme_of({**RATIO, "target": "second"}, applies_to=["team"])["indicators"][0]
    document["indicators"].append({**other, "code": "other"})
    document["groups"] = {
        "people": {"title": "人", "subjects": ["officer"]},
        "teams": {"title": "队", "subjects": ["team"]},
    }
    scheme = parse_scheme(document)

    people = (("goal", "Q1", "stretch"), ("goal", "year", "base"))
    assert owed(scheme, "officer") == people
    assert owed(scheme, "team") == (*people, ("second", "year", "base"))
    assert missing(scheme, people, {("goal", "year", "base")}) == (("goal", "Q1", "stretch"),)


def test_a_gate_asks_for_its_target_of_those_it_concerns() -> None:
    document = scheme_of({"kind": "count_times_points", "terms": [{"of": "events", "each": 1}]})
    reached = {"kind": "ratio_times_points", "of": "signed", "target": "second", "points": 100}
    document["gates"] = [
        {
            "code": "reached", "title": "完成第二目标", "card": "红榜", "applies_to": ["team"],
            "measures": {"signed": {"title": "签约"}},
            "if": {"value": reached, "operator": "gte", "than": 100},
        }
    ]  # fmt: skip
    document["groups"] = {
        "people": {"title": "人", "subjects": ["officer"]},
        "teams": {"title": "队", "subjects": ["team"]},
    }
    scheme = parse_scheme(document)

    assert owed(scheme, "team") == (("second", "year", "base"),)
    assert owed(scheme, "officer") == ()


def test_equal_parts_and_defaults_are_not_owed() -> None:
    document = scheme_of({**RATIO, "timing": "Q2"})
    document["targets"]["goal"]["periods"] = "equal"
    scheme = parse_scheme(document)
    goals = owed(scheme, "officer")

    assert missing(scheme, goals, set()) == (("goal", "year", "base"),)
    assert missing(scheme, goals, {("goal", "year", "base")}) == ()
    assert missing(scheme, goals, {("goal", "Q2", "base")}) == ()
    document["targets"]["goal"]["default"] = 5
    assert owed(parse_scheme(document), "officer") == ()


def numbers(**amounts: str) -> dict[str, Decimal]:
    return {period: Decimal(amount) for period, amount in amounts.items()}


def test_parts_that_do_not_add_up_are_named_with_both_figures() -> None:
    even = numbers(year="100", Q1="25", Q2="25", Q3="25", Q4="25")
    assert list(differences(even)) == []
    assert list(differences({**even, "Q4": Decimal(30)})) == [
        Difference("year", "quarter", Decimal(100), Decimal(105), complete=True)
    ]
    # Not all are set: only what is already too much is a difference.
    assert list(differences(numbers(year="100", Q1="60", Q2="30"))) == []
    assert list(differences(numbers(year="100", Q1="60", Q2="50"))) == [
        Difference("year", "quarter", Decimal(100), Decimal(110), complete=False)
    ]
    assert list(differences(numbers(Q1="3", M01="1", M02="1", M03="0.5"))) == [
        Difference("Q1", "month", Decimal(3), Decimal("2.5"), complete=True)
    ]
    assert list(differences(numbers(H1="3", Q1="1", Q2="1"))) == [
        Difference("H1", "quarter", Decimal(3), Decimal(2), complete=True)
    ]


@pytest.mark.parametrize(
    ("amount", "weights", "digits", "parts"),
    [
        ("100", [1, 1, 1], 0, "34 33 33"),
        ("100", [1, 1, 1], 2, "33.34 33.33 33.33"),
        ("10", [62, 61, 61, 63], 1, "2.5 2.5 2.5 2.5"),
        ("7", [1, 2, 4], 0, "1 2 4"),
        ("1", [0, 1, 0], 0, "0 1 0"),
        ("0", [0, 0], 0, "0 0"),
        ("-1", [1, 1], 1, "-0.5 -0.5"),
    ],
)
def test_parts_add_up_exactly(amount: str, weights: list[int], digits: int, parts: str) -> None:
    found = spread(Decimal(amount), [Decimal(weight) for weight in weights], digits)
    assert " ".join(format(part.normalize(), "f") for part in found) == parts


@given(
    st.decimals(0, 10**12, places=4),
    st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=12).filter(any),
)
def test_nothing_is_lost_or_gained(amount: Decimal, weights: list[Decimal]) -> None:
    found = spread(amount, weights, 4)
    assert sum(found) == amount
    for part, weight in zip(found, weights, strict=True):
        assert abs(part - amount * weight / sum(weights)) <= Decimal("0.0001")
        assert part == 0 or weight > 0


@pytest.mark.parametrize(("amount", "weights"), [("1.5", [1, 1]), ("2", [0, 0]), ("2", [3, -1])])
def test_what_cannot_be_spread_is_refused(amount: str, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=amount):
        spread(Decimal(amount), [Decimal(weight) for weight in weights], 0)


def test_months_add_up_to_quarters_and_quarters_to_the_year() -> None:
    weights = {
        month: Decimal(days)
        for month, days in zip(MONTHS, (20, 16, 22, 21, 18, 21, 23, 21, 22, 17, 21, 23), strict=True)
    }
    found = spread_year(Decimal(1000), ["month", "half", "quarter"], weights, 0)

    assert len(found) == 2 + 4 + 12
    assert list(differences({"year": Decimal(1000), **found})) == []
    assert [found[quarter] for quarter in GRAINS["quarter"]] == [237, 245, 269, 249]


@pytest.mark.parametrize(("amount", "digits"), [("100", 0), ("1E+2", 0), ("0.5000", 1), ("3.1415", 4)])
def test_digits_that_a_number_needs(amount: str, digits: int) -> None:
    assert digits_of(Decimal(amount)) == digits


@pytest.mark.parametrize(
    ("unit", "wanted", "found"),
    [
        ("亿元", "万元", "20000"),
        ("", "万元", "2"),
        ("个", "项", "2"),
        ("亿美元", "亿元", None),
        ("个", "万元", None),
        ("亩", "亩", "2"),
        ("亩", "个", None),
    ],
)
def test_amounts_in_another_unit(unit: str, wanted: str, found: str | None) -> None:
    assert in_unit(Decimal(2), unit, wanted) == (None if found is None else Decimal(found))

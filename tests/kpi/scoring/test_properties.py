"""What must hold for any facts and figures, tried on many."""

import random
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kpi.scoring.awards import candidates
from kpi.scoring.document import parse_scheme
from kpi.scoring.evaluate import evaluate
from kpi.scoring.facts import CreditLine, Fact, MeasureValue
from kpi.scoring.fingerprint import fingerprint
from kpi.scoring.measures import measure
from kpi.scoring.ranking import rank
from kpi.scoring.results import Sheet, Subject
from kpi.scoring.rounding import CONTEXT, plain
from kpi.scoring.scheme import Scheme
from tests.kpi.scoring.examples import default_scheme, item_with, scheme_of, sheet_of, value

SCHEME = default_scheme()
KINDS = (
    "signed",
    "registered",
    "started",
    "completed",
    "produced",
    "paid_in",
    "win",
    "output",
    "tax",
    "incident",
)
MONEY = st.decimals(min_value=0, max_value=10**11, places=2)
SHARES = st.decimals(min_value=0, max_value=1, places=4)
TARGETS = {code: Decimal(7) for code in SCHEME.targets}


@st.composite
def facts(draw: st.DrawFn) -> list[Fact]:
    found = []
    for index in range(draw(st.integers(0, 12))):
        attributes = {
            "capital_source": draw(st.sampled_from(["foreign", "domestic"])),
            "level": draw(st.sampled_from(["national", "provincial", "city"])),
            "reason": draw(st.sampled_from(["overdue_not_started", "late_report", "falsified"])),
            "amount_usd": draw(MONEY),
        }
        day = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 364)))
        project = draw(st.sampled_from(["p", "q", "r", None]))
        amount = draw(st.none() | MONEY)
        found.append(
            Fact(
                f"f{index}", draw(st.sampled_from(KINDS)), day, amount, attributes=attributes, project=project
            )
        )
    return found


@st.composite
def credited(draw: st.DrawFn) -> list[CreditLine]:
    """Each fact shared by one or two roles of one subject."""
    roles = st.sampled_from([["introduction"], ["capture", "introduction"]])
    return [CreditLine(entry, "zhou", role, draw(SHARES)) for entry in draw(facts()) for role in draw(roles)]


def sheet(scheme: Scheme, lines: list[CreditLine]) -> Sheet:
    measured = {
        item.code: {code: measure(definition, lines) for code, definition in item.measures.items()}
        for item in scheme.indicators
    }
    return evaluate(scheme, Subject("zhou", "officer"), measured, TARGETS, Decimal("0.5"))


@given(credited(), st.randoms(use_true_random=False))
def test_order_of_lines_is_irrelevant(lines: list[CreditLine], shuffle: random.Random) -> None:
    mixed = list(lines)
    shuffle.shuffle(mixed)
    assert sheet(SCHEME, mixed) == sheet(SCHEME, lines)
    for item in SCHEME.indicators:
        for definition in item.measures.values():
            assert measure(definition, mixed) == measure(definition, lines)


@given(credited())
def test_every_candidate_line_is_counted_or_excluded_with_a_reason(lines: list[CreditLine]) -> None:
    for item in SCHEME.indicators:
        for definition in item.measures.values():
            found = measure(definition, lines)
            left_out = [entry.line for entry in found.excluded]
            of_kind = [line for line in lines if line.fact.kind in definition.kinds]
            assert sorted(map(repr, [*found.counted, *left_out])) == sorted(map(repr, of_kind))
            assert all(entry.reason for entry in found.excluded)


@given(credited())
def test_points_stay_between_floor_and_cap_and_explanations_end_in_them(lines: list[CreditLine]) -> None:
    found = sheet(SCHEME, lines)
    for item in found.items:
        assert item.points is not None
        assert item.full_marks is not None
        assert 0 <= item.points <= item.full_marks
        assert item.explanation.endswith(plain(item.points))
    assert 0 <= found.total <= 100


@given(facts(), SHARES)
def test_parts_of_two_subjects_add_up_to_the_whole(found: list[Fact], share: Decimal) -> None:
    for item in SCHEME.indicators:
        for definition in item.measures.values():
            whole = measure(definition, [CreditLine(entry, "a", "introduction") for entry in found]).value
            parts = [
                measure(definition, [CreditLine(entry, "a", "introduction", part) for entry in found]).value
                for part in (share, 1 - share)
            ]
            assert sum(parts) == whole


@given(MONEY)
def test_every_amount_from_the_lowest_start_up_lies_in_exactly_one_band(amount: Decimal) -> None:
    definition = SCHEME.indicators[0].measures["signed_by_size"]
    bands = [band for band in definition.bands if band.holds(CONTEXT.divide(amount, definition.divisor))]
    assert len(bands) == (amount >= 30_000_000)


@given(
    st.decimals(min_value=-1000, max_value=1000, places=3),
    st.sampled_from(["none", "full_marks", 5, {"multiple": 2}]),
    st.integers(0, 4),
    st.sampled_from(["half_up", "half_even", "up", "down"]),
)
def test_explanation_ends_in_the_points_whatever_the_rounding(
    done: Decimal, cap: object, digits: int, mode: str
) -> None:
    document = scheme_of(
        {"kind": "ratio_times_points", "of": "done", "target": "goal", "points": 3},
        full_marks=3,
        cap=cap,
        floor=-2,
    )
    scheme = parse_scheme({**document, "rounding": {"digits": digits, "mode": mode}})
    item = evaluate(
        scheme,
        Subject("zhou", "officer"),
        {"item": {"done": value(str(done))}},
        {"goal": Decimal(7)},
        Decimal(1),
    ).items[0]
    assert item.points is not None
    assert item.explanation.endswith(plain(item.points))
    assert item.points >= -2


@given(st.lists(st.sampled_from(["10", "20", "20.001", "30"]), max_size=9), st.randoms(use_true_random=False))
def test_places_are_one_plus_the_number_of_better_subjects(points: list[str], shuffle: random.Random) -> None:
    sheets = [sheet_of(f"s{index}", item_with(text)) for index, text in enumerate(points)]
    mixed = list(sheets)
    shuffle.shuffle(mixed)
    standings = rank(mixed, SCHEME.groups["teams"])
    assert standings == rank(sheets, SCHEME.groups["teams"])
    for entry in standings:
        better = sum(other.exact_total > entry.sheet.exact_total for other in sheets)
        assert entry.place == better + 1
    found = candidates(SCHEME, {"teams": standings}, Decimal(1))
    assert bool(found) == bool(points)


@given(st.dictionaries(st.text(max_size=3), st.decimals(allow_nan=False, allow_infinity=False, places=3)))
def test_fingerprint_depends_on_values_only(figures: dict[str, Decimal]) -> None:
    turned = dict(reversed(figures.items()))
    longer = {
        key: number.quantize(Decimal("0.00001"), context=CONTEXT)
        for key, number in turned.items()
        if abs(number) < 10**40
    }
    assert fingerprint(turned) == fingerprint(figures)
    if len(longer) == len(figures):
        assert fingerprint(longer) == fingerprint(figures)
    assert fingerprint({**figures, "another": Decimal(1)}) != fingerprint({**figures, "another": Decimal(2)})


def test_fingerprint_of_facts_is_the_same_on_every_machine() -> None:
    entry = Fact("a", "signed", date(2026, 3, 1), Decimal("51.80"), attributes={"level": "city"}, project="p")
    given_value = MeasureValue(Decimal("1.0"), {"low": Decimal(1)})
    assert (
        fingerprint([entry, given_value])
        == "76ff8af6ce91c48a9bb624355f8939436bf4de2c4102cf9b3dbfdb2cee153f2f"
    )

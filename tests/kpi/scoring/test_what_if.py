"""A copy with facts added is what the whole calculation would be with them, to the last digit."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.scoring.document import parse_scheme
from kpi.scoring.evaluate import Entry
from kpi.scoring.facts import CreditLine, Fact
from kpi.scoring.measures import measure
from kpi.scoring.reading import read
from kpi.scoring.results import Subject
from kpi.scoring.scheme import Measure, Scheme
from kpi.scoring.what_if import Copy, depending, effect_of, entry_with, example_of, next_better, shortfall_of
from tests.kpi.scoring.examples import SCHEMES, default_scheme, scheme_of

HALF = Decimal("0.5")


def compared() -> dict[str, Any]:
    """The default scheme with foreign capital compared within the group, and an item that repeats it."""
    document: dict[str, Any] = read((SCHEMES / "high-tech-zone-2026.yaml").read_text("utf-8")).value
    foreign = next(one for one in document["indicators"] if one["code"] == "foreign_capital")
    part = {"kind": "amount", "of": "paid_in"}
    foreign["rule"] = {"kind": "power_coefficient", "part": part, "bottom": 5, "top": 25}
    again = {"code": "again", "title": "再计", "full_marks": 1, "measures": {}}
    again["rule"] = {
        "kind": "times",
        "factor": "4%",
        "part": {"kind": "item", "item": "foreign_capital", "title": "外资"},
    }
    document["indicators"].append(again)
    del document["total_marks"]
    return document


#: Absolute items, items compared within a group, and cards per project.
ALL = {
    "absolute": default_scheme(),
    "compared": parse_scheme(compared()),
    "cards": parse_scheme((SCHEMES / "project-cards.yaml").read_text("utf-8")),
}
NAMES = tuple(ALL)


def kind_of(scheme: Scheme) -> str:
    return next(iter(scheme.groups.values())).subjects[0] if scheme.groups else "officer"


def kinds_of(scheme: Scheme) -> list[str]:
    return sorted({kind for one in scheme.owners for each in one.measures.values() for kind in each.kinds})


def whole(
    scheme: Scheme, lines: Sequence[CreditLine], people: Sequence[str] = ("a", "b", "c")
) -> list[Entry]:
    """Everybody measured from all lines."""
    entries = []
    for person in people:
        own = [line for line in lines if line.subject == person]
        measures = {
            owner.code: {code: measure(one, own) for code, one in owner.measures.items() if one.kinds}
            for owner in scheme.owners
        }
        targets = {code: Decimal(7) for code in scheme.targets}
        entries.append(Entry(Subject(person, kind_of(scheme), person), measures, targets, own))
    return entries


@st.composite
def lines(draw: st.DrawFn, scheme: Scheme, start: str) -> list[CreditLine]:
    """Facts of a few projects, each shared by one or two people; mostly of the kind that is compared."""
    kinds = [*kinds_of(scheme), *["paid_in"] * 8]
    found = []
    for index in range(draw(st.integers(0, 8))):
        day = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 364)))
        attributes = {
            "capital_source": draw(st.sampled_from(["foreign", "foreign", "domestic"])),
            "level": draw(st.sampled_from(["national", "city"])),
            "reason": draw(st.sampled_from(["overdue_not_started", "late_report"])),
            "amount_usd": draw(st.decimals(0, 10**8, places=2)),
        }
        fact = Fact(
            f"{start}{index}",
            draw(st.sampled_from(kinds)),
            day,
            draw(st.none() | st.decimals(0, 10**11, places=2)),
            attributes=attributes,
            project=draw(st.sampled_from(["p", "q", "r", None])),
        )
        for person in draw(st.sampled_from([("a",), ("a", "b"), ("c",)])):
            found.append(CreditLine(fact, person, "introduction", draw(st.sampled_from([HALF, Decimal(1)]))))
    return found


def added_to(copy: Copy, known: Sequence[CreditLine], more: Sequence[CreditLine]) -> dict[str, Entry]:
    changed = {}
    for person in {line.subject for line in more}:
        own = [line for line in more if line.subject == person]
        projects = {line.fact.project for line in own if line.fact.project}
        near = [line for line in known if line.subject == person and line.fact.project in projects]
        changed[person] = entry_with(copy.scheme, copy.entries[person], near, own)
    return changed


@pytest.mark.parametrize("name", NAMES)
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_added_facts_give_what_the_whole_calculation_gives(name: str, data: st.DataObject) -> None:
    scheme = ALL[name]
    known, more = data.draw(lines(scheme, "f")), data.draw(lines(scheme, "g"))
    copy = Copy(scheme, whole(scheme, known), HALF)
    untouched = dict(copy.sheets)

    found = copy.with_entries(added_to(copy, known, more))

    assert found == Copy(scheme, whole(scheme, [*known, *more]), HALF).sheets
    assert copy.sheets == untouched


@pytest.mark.parametrize("name", NAMES)
@given(st.data())
@settings(max_examples=30, deadline=None)
def test_adding_nothing_changes_nothing(name: str, data: st.DataObject) -> None:
    scheme = ALL[name]
    copy = Copy(scheme, whole(scheme, data.draw(lines(scheme, "f"))), HALF)

    assert copy.with_entries({}) is copy.sheets
    same = copy.with_entries({code: entry_with(scheme, copy.entries[code], (), ()) for code in copy.entries})
    assert same == copy.sheets
    if scheme.groups:
        effect = effect_of(copy, same, "a")
        assert (effect.difference, effect.places_gained, effect.items) == (0, 0, ())


def test_facts_that_only_count_so_often_are_counted_anew() -> None:
    document = scheme_of({"kind": "count_times_points", "terms": [{"of": "events", "each": 2}]})
    document["indicators"][0]["measures"]["events"] |= {
        "facts": ["incident"],
        "aggregate": "count",
        "at_most": {"each": "month", "count": 1},
    }
    scheme = parse_scheme(document)
    known = [CreditLine(Fact("f", "incident", date(2026, 3, 9)), "a", "", Decimal(1))]
    copy = Copy(scheme, whole(scheme, known, ["a"]), HALF)
    march, april = (
        CreditLine(Fact("g", "incident", date(2026, month, 1)), "a", "", Decimal(1)) for month in (3, 4)
    )

    for more, points in (([march], 2), ([april], 4), ([march, april], 4)):
        sheets = copy.with_entries({"a": entry_with(scheme, copy.entries["a"], (), more)})
        assert sheets["a"].total == points


def test_what_refers_to_an_item_depends_on_it_through_others() -> None:
    document = scheme_of({"kind": "fixed", "points": 1})
    first = document["indicators"][0]
    document["indicators"] += [
        {**first, "code": "second", "rule": {"kind": "item", "item": "item", "title": "一"}},
        {**first, "code": "third", "rule": {"kind": "item", "item": "second", "title": "二"}},
        {**first, "code": "fourth"},
    ]
    scheme = parse_scheme(document)

    assert depending(scheme, {"item"}) == {"item", "second", "third"}
    assert depending(scheme, {"third"}) == {"third"}


def test_next_better_is_the_nearest_place_ahead() -> None:
    scheme = default_scheme()
    signed = [
        CreditLine(
            Fact(key, "signed", date(2026, 3, 1), Decimal(amount) * 10**8, project=key),
            person,
            "",
            Decimal(1),
        )
        for key, amount, person in (("p", 60, "a"), ("q", 5, "b"), ("r", 5, "c"))
    ]
    copy = Copy(scheme, whole(scheme, signed, ["a", "b", "c", "d"]), HALF)
    standings = copy.standings[scheme.group_of(kind_of(scheme)).code]  # type: ignore[union-attr]

    assert next_better(standings, "a") is None
    for person, ahead in (("b", "a"), ("c", "a"), ("d", "c")):
        better = next_better(standings, person)
        assert better is not None
        assert better.sheet.subject.code == ahead


@pytest.mark.parametrize(
    "definition",
    [
        one
        for scheme in ALL.values()
        for owner in scheme.owners
        for one in owner.measures.values()
        if one.kinds
    ],
    ids=lambda one: one.code,
)
def test_an_example_is_counted_by_its_measure(definition: Measure) -> None:
    example = example_of(definition)

    assert example is not None
    amount = Decimal(1) if example.amount is None else example.amount
    attributes = {**example.attributes, definition.field: amount}
    fact = Fact("x", example.kind, date(2026, 7, 1), amount, attributes=attributes, project="new")
    role = definition.roles[0] if definition.roles else "introduction"
    assert measure(definition, [CreditLine(fact, "a", role, Decimal(1))]).counted


def test_an_example_reaches_the_largest_of_all_limits() -> None:
    document = scheme_of({"kind": "count_times_points", "terms": [{"of": "sizes", "each": 2}]})
    sizes = document["indicators"][0]["measures"]["sizes"]
    sizes["where"] = [{"attribute": "amount", "operator": "gte", "value": 3}]
    definition = parse_scheme(document).indicators[0].measures["sizes"]

    example = example_of(definition)

    assert example is not None
    assert example.amount == 3 * definition.divisor


def test_no_example_is_made_up_for_days_and_lists() -> None:
    document = scheme_of({"kind": "count_times_points", "terms": [{"of": "events", "each": 2}]})
    events = document["indicators"][0]["measures"]["events"]
    events |= {
        "facts": ["signed"],
        "aggregate": "count",
        "where": [{"attribute": "on", "operator": "lte", "value": "2026-06-30"}],
    }
    scheme = parse_scheme(document)

    assert example_of(scheme.indicators[0].measures["events"]) is None


def test_a_shortfall_is_what_is_missing_to_the_target() -> None:
    scheme = default_scheme()
    signed = [CreditLine(Fact("p", "signed", date(2026, 3, 1), Decimal(10**8), project="p"), "a", "", HALF)]
    sheet = Copy(scheme, whole(scheme, signed, ["a"]), HALF).sheets["a"]

    signing, foreign, wins = (sheet.item(code) for code in ("signing", "foreign_capital", "wins"))
    assert signing is not None
    assert foreign is not None
    assert wins is not None
    assert (shortfall_of(signing), shortfall_of(foreign), shortfall_of(wins)) == (Decimal("6.5"), 7, None)

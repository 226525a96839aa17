"""Two calculations side by side: moves add up, and a weight is what it says."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.scoring.awards import candidates
from kpi.scoring.document import parse_scheme
from kpi.scoring.evaluate import Entry
from kpi.scoring.facts import MeasureValue
from kpi.scoring.ranking import rank
from kpi.scoring.reading import read
from kpi.scoring.rehearsal import (
    FACTORS,
    award_changes,
    for_year,
    kendall,
    moves,
    scaled,
    sensitivity,
    shift_of,
    undecided_items,
)
from kpi.scoring.results import Standing, Subject
from kpi.scoring.scheme import Group
from kpi.scoring.what_if import Copy
from tests.kpi.scoring.examples import SCHEMES, default_scheme, item_with, sheet_of, undecided_item

GROUP = Group("teams", "团队", ("task_force",))
TOTALS = st.lists(st.integers(0, 6), min_size=1, max_size=9)


def standings(totals: list[int]) -> tuple[Standing, ...]:
    return rank([sheet_of(f"t{index}", item_with(str(total))) for index, total in enumerate(totals)], GROUP)


@given(st.data())
@settings(deadline=None)
def test_moves_add_up(data: st.DataObject) -> None:
    old = data.draw(TOTALS)
    new = data.draw(st.permutations(old) | st.lists(st.integers(0, 6), min_size=len(old), max_size=len(old)))
    before, after = standings(old), standings(list(new))

    there, back = moves(before, after), moves(after, before)

    assert [one.subject for one in there] == [one.sheet.subject for one in after]
    gains = {one.subject.code: one.places_gained or 0 for one in there}
    assert gains == {one.subject.code: -(one.places_gained or 0) for one in back}
    assert sum(gains.values()) == sum(one.place for one in before) - sum(one.place for one in after)
    shift, returned = shift_of(there), shift_of(back)
    assert (shift.up, shift.down, shift.changed) == (returned.down, returned.up, returned.changed)
    assert (shift.largest, shift.tau) == (returned.largest, returned.tau)
    assert shift.up + shift.down == shift.changed <= shift.size == len(old)
    if sorted(old) == sorted(new) and len(set(old)) == len(old):
        assert sum(gains.values()) == 0


@given(TOTALS)
@settings(deadline=None)
def test_nothing_moves_between_a_ranking_and_itself(totals: list[int]) -> None:
    shift = shift_of(moves(standings(totals), standings(totals)))

    assert (shift.changed, shift.largest, shift.first_changed, shift.last_changed) == (0, 0, False, False)
    assert shift.tau == (None if len(set(totals)) < 2 else 1)


def test_a_subject_that_only_one_calculation_ranks_has_no_move() -> None:
    found = moves(standings([3]), standings([3, 5]))

    assert [(one.subject.code, one.place_before, one.places_gained, one.points_gained) for one in found] == [
        ("t1", None, None, None),
        ("t0", 1, -1, 0),
    ]
    assert shift_of(found).size == 1


def test_kendall_is_the_published_figure() -> None:
    assert kendall([1, 2, 3, 4], [4, 3, 2, 1]) == -1
    for one, other, tau in (([1, 2, 3, 4], [1, 2, 4, 3], "0.666667"), ([1, 1, 3], [1, 2, 3], "0.816497")):
        found = kendall(one, other)
        assert found is not None
        assert round(found, 6) == Decimal(tau)
    assert kendall([1, 1], [1, 2]) is None


def entries(*numbers: tuple[int, int]) -> list[Entry]:
    """Officers with wins at city level, and late reports."""
    scheme = default_scheme()
    found = []
    for index, (wins, late) in enumerate(numbers):
        measures = {
            one.code: {
                code: MeasureValue(Decimal(0), {b.code: Decimal(0) for b in each.bands})
                for code, each in one.measures.items()
            }
            for one in scheme.indicators
        }
        measures["wins"]["city"] = MeasureValue(Decimal(wins))
        measures["landing"]["registered"] = MeasureValue(Decimal(late))
        targets = {code: Decimal(7) for code in scheme.targets}
        found.append(Entry(Subject(f"o{index}", "officer", f"专员{index}"), measures, targets))
    return found


def test_scaling_multiplies_everything_an_indicator_brings_and_nothing_else() -> None:
    scheme = default_scheme()
    copy = Copy(scheme, entries((12, 1), (3, 4)), Decimal(1))

    for factor in FACTORS:
        sheets = copy.with_indicator(scaled(scheme, "wins", factor), "wins")
        whole = Copy(scaled(scheme, "wins", factor), copy.entries.values(), Decimal(1)).sheets
        assert sheets == whole
        for code, sheet in sheets.items():
            for old, new in zip(copy.sheets[code].items, sheet.items, strict=True):
                assert new.exact == (old.exact or 0) * (factor if old.code == "wins" else 1)


def test_a_weight_of_the_scheme_is_multiplied() -> None:
    scheme = parse_scheme((SCHEMES / "category-weights.yaml").read_text("utf-8"))
    indicator = next(one for one in scheme.indicators if scheme.weights_of(one))
    heavier = next(
        one for one in scaled(scheme, indicator.code, Decimal("1.2")).indicators if one.code == indicator.code
    )

    assert heavier.steps == indicator.steps
    assert scheme.weights_of(heavier) == {
        name: weight * Decimal("1.2") for name, weight in scheme.weights_of(indicator).items()
    }


def test_sensitivity_finds_the_weight_that_decides() -> None:
    # Nine wins of 1 against nineteen registrations of 0.5: half a point apart.
    copy = Copy(default_scheme(), entries((9, 0), (0, 19)), Decimal(1))
    beats: list[tuple[int, int]] = []

    found = sensitivity(copy, lambda done, planned: beats.append((done, planned)))

    assert beats == [(position, 5) for position in range(1, 6)]
    changed = {(one.indicator.code, str(one.factor)): one.shift.changed for one in found["officers"]}
    assert {key for key, count in changed.items() if count} == {
        ("wins", "1.1"),
        ("wins", "1.2"),
        ("landing", "0.8"),
        ("landing", "0.9"),
    }
    heavier = next(one.shift for one in found["officers"] if one.indicator.code == "wins" and one.factor > 1)
    assert (heavier.largest, heavier.first_changed, heavier.last_changed, heavier.tau) == (1, True, True, -1)
    assert found["teams"]
    assert all(one.shift.size == 0 for one in found["teams"])


def test_another_year_moves_the_days_of_the_rules_along() -> None:
    document = read((SCHEMES / "quarterly-task-forces.yaml").read_text("utf-8")).value
    first = document["indicators"][0]["measures"]
    name = next(iter(first))
    first[name]["where"] = [{"attribute": "on", "operator": "in", "value": ["2028-02-29", "2026-05-01"]}]
    document["lists"] = {
        "top": {"title": "名单", "versions": {"old": {"from": "2025-01-01", "members": ["甲"]}}}
    }

    moved = for_year(document, document["year"] - 1)

    assert moved["year"] == document["year"] - 1
    assert moved["indicators"][0]["measures"][name]["where"][0]["value"] == ["2027-02-28", "2025-05-01"]
    assert moved["lists"] == document["lists"]
    assert first[name]["where"][0]["value"] == ["2028-02-29", "2026-05-01"]
    assert for_year(document, document["year"]) == document


def test_every_scheme_of_the_library_holds_in_another_year() -> None:
    for path in sorted(SCHEMES.glob("*.yaml")):
        document = read(path.read_text("utf-8")).value
        scheme = parse_scheme(for_year(document, 2024))
        assert (scheme.year, scheme.holds_from.year) == (2024, 2024)


def test_awards_name_who_comes_and_who_goes() -> None:
    scheme = default_scheme()
    one = Copy(scheme, entries((9, 0), (0, 19), (1, 1)), Decimal(1))
    other = Copy(scaled(scheme, "wins", Decimal("1.2")), entries((9, 0), (0, 19), (1, 1)), Decimal(1))

    found = {
        change.code: change
        for change in award_changes(
            (scheme, candidates(scheme, one.standings, Decimal(1))),
            (scheme, candidates(scheme, other.standings, Decimal(1))),
        )
    }

    assert found["last_officers"].before == ("专员2", "专员0")
    assert (found["last_officers"].gained, found["last_officers"].lost) == (("专员1",), ("专员0",))
    assert found["gold_officer"].gained == found["gold_officer"].lost == ()
    assert found["excellence"].after == ()


def test_an_award_that_only_one_scheme_has_is_named_as_such() -> None:
    scheme = default_scheme()
    bare = parse_scheme(
        {**read((SCHEMES / "high-tech-zone-2026.yaml").read_text("utf-8")).value, "awards": []}
    )

    found = award_changes((bare, ()), (scheme, ()))

    assert {(one.before, one.after) for one in found} == {(None, ())}


def test_undecided_items_are_counted_by_title() -> None:
    sheets = [sheet_of("a", undecided_item()), sheet_of("b", undecided_item(), item_with("1"))]

    assert undecided_items(sheets) == [("未定指标", 2, "未下达目标。")]

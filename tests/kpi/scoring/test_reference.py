"""Two evaluators, written apart, agree to the last digit on generated rules, facts and figures."""

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi.scoring.document import parse_scheme
from kpi.scoring.facts_document import parse_facts
from kpi.scoring.results import Item
from kpi.scoring.rules import KINDS
from kpi.scoring.trial import as_document, try_out
from tests.kpi.scoring import reference
from tests.kpi.scoring.reference import NoConcern, Open, Someone, World

Strategy = st.SearchStrategy[Any]
MEASURES = ("a", "b", "c", "derived")
NUMBERS = st.sampled_from(
    [0, 1, 2, 3, 5, 7, 10, Decimal("0.1"), Decimal("2.5"), Decimal(-1), Decimal("33.33")]
)
POSITIVE = st.sampled_from([1, 2, 3, 7, Decimal("0.3"), Decimal("12.5")])
SHARES = st.sampled_from(["10%", "25%", "100%", Decimal("0.3"), "6‰"])
OF = st.sampled_from(MEASURES)
MODES = st.sampled_from(["half_up", "half_even", "up", "down"])


LEVELS = st.sampled_from(["base", "stretch"])


def record(required: dict[str, Strategy], **optional: Strategy) -> Strategy:
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def ratios(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {"of": draw(OF | st.lists(OF, min_size=2, max_size=2))}
    match draw(st.sampled_from(["target", "period", "base", "growth", "none"])):
        case "target":
            found |= {"target": "goal", "timing": draw(st.sampled_from(["annual", "elapsed"]))}
        case "period":
            found |= {"target": "goal", "timing": "Q2", "level": draw(LEVELS)}
        case "base":
            found |= {"base": draw(OF)}
        case "growth":
            found |= {"base": draw(OF), "growth": True}
        case _:
            found["of"] = draw(OF)
    if draw(st.booleans()):
        found["cap_ratio"] = draw(POSITIVE)
    return found


def slopes() -> Strategy:
    steps = st.sampled_from(["whole", "pro_rata"])
    return record({"step": SHARES, "points": NUMBERS, "steps": steps}, cap=NUMBERS)


@st.composite
def stretches(draw: st.DrawFn, **entry: Strategy) -> list[dict[str, Any]]:
    """Bands, cases or brackets that follow each other; the outer ends may be open."""
    ends = sorted(
        draw(st.sets(st.sampled_from([0, 1, 2, 5, Decimal("0.5"), Decimal("1.3")]), min_size=1, max_size=3))
    )
    found = [
        {"from": low, "to": high, **{key: draw(value) for key, value in entry.items()}}
        for low, high in zip([None, *ends], [*ends, None], strict=True)
    ]
    kept = [{key: value for key, value in one.items() if value is not None} for one in found]
    return kept[: draw(st.sampled_from([len(kept), len(kept), 1]))]


def titled(strategy: Strategy) -> Strategy:
    return strategy.map(lambda found: [{"title": str(index), **one} for index, one in enumerate(found)])


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    operator = draw(st.sampled_from(["gte", "gt", "lte", "lt", "eq", "ne"]))
    plain = {**draw(ratios()), "operator": operator, "than": draw(NUMBERS)}
    other = {"of": draw(OF), "operator": operator, "than": {"kind": "amount", "of": draw(OF)}}
    return draw(st.sampled_from([plain, {"any": [plain, other]}, {"all": [plain, other]}, {"not": other}]))


NO_CONCERN = st.sampled_from([{"kind": "not_applicable"}, {"kind": "undecided", "reason": "未定"}])
TERMS = st.lists(
    record({"of": OF, "each": NUMBERS}, at_most=POSITIVE, cap=POSITIVE)
    | record({"of": OF, "each": NUMBERS, "beyond": st.just("goal")}, level=LEVELS, timing=st.just("Q2")),
    min_size=1,
    max_size=2,
)


def kinded(name: str, *ratio: Strategy, **entries: Strategy) -> Strategy:
    """A rule of a kind; `_` before a name marks what may be left out."""
    required = {key: value for key, value in entries.items() if not key.startswith("_")}
    optional = {key[1:]: value for key, value in entries.items() if key.startswith("_")}
    own = st.fixed_dictionaries({"kind": st.just(name), **required}, optional=optional)
    return st.tuples(own, *ratio).map(
        lambda parts: {key: value for part in parts for key, value in part.items()}
    )


def simple() -> Strategy:
    mean = st.tuples(ratios(), ratios()).map(lambda two: [{**one, "weight": "50%"} for one in two])
    shortfall = st.lists(
        record({"of": OF, "target": st.just("goal"), "each": POSITIVE}, surplus=NUMBERS, level=LEVELS),
        min_size=1,
        max_size=2,
    )
    band = titled(stretches(points=NUMBERS))
    panels = st.just(
        [{"panel": "p", "weight": "70%", "drop_highest": 1}, {"panel": "q", "weight": "30%", "expected": 2}]
    )
    return st.one_of(
        kinded("ratio_times_points", ratios(), points=NUMBERS),
        kinded("mean_of_ratios_times_points", ratios=mean, points=NUMBERS),
        kinded("rate_percent", ratios()),
        kinded(
            "over_fulfilment",
            ratios(),
            points=NUMBERS,
            bonus=slopes(),
            shortfall=st.sampled_from(["proportional", "zero"]) | slopes(),
        ),
        kinded(
            "piecewise_marginal",
            ratios(),
            points=NUMBERS,
            segments=stretches(each=NUMBERS),
            _bonus_cap=st.just(10),
            _bonus_floor=st.just(-10),
        ),
        kinded(
            "per_step",
            ratios(),
            _from=NUMBERS,
            step=POSITIVE,
            points=NUMBERS,
            steps=st.sampled_from(["whole", "pro_rata"]),
            _cap=NUMBERS,
            _negative=st.booleans(),
        ),
        kinded("bands", ratios(), bands=band),
        kinded("count_times_points", terms=TERMS, _base=NUMBERS),
        kinded("points_minus_per_shortfall", points=NUMBERS, terms=shortfall, _most=POSITIVE),
        kinded("points_minus_per_event", points=NUMBERS, terms=TERMS, _most=POSITIVE),
        kinded(
            "brackets",
            of=OF,
            method=st.sampled_from(["marginal", "whole"]),
            brackets=stretches(rate=SHARES),
            _cap=NUMBERS,
        ),
        kinded("amount", ratios()),
        kinded(
            "target",
            target=st.just("goal"),
            _timing=st.sampled_from(["annual", "elapsed", "Q2"]),
            _level=LEVELS,
        ),
        kinded("fixed", points=NUMBERS),
        kinded("sample", reported=OF, verified=OF, sampled=OF, _cap_ratio=POSITIVE),
        kinded(
            "rating",
            rating=st.just("r"),
            panels=panels,
            missing=st.sampled_from(["undecided", "skip", "zero", "spread"]),
            scale=st.just(10),
            points=POSITIVE,
        ),
        kinded("choice", choice=st.just("x"), **{"from": st.just(0), "to": st.just(5)}, _default=NUMBERS),
    )


def combined(inner: Strategy) -> Strategy:
    parts = st.lists(inner, min_size=2, max_size=3)
    weighted = st.tuples(inner, inner | NO_CONCERN).map(
        lambda two: [{"weight": "60%", "rule": two[0]}, {"weight": "40%", "rule": two[1]}]
    )
    phase = st.tuples(conditions(), conditions()).map(
        lambda two: [{"title": str(index), "share": "40%", "if": one} for index, one in enumerate(two)]
    )
    return st.one_of(
        *(kinded(name, parts=parts) for name in ("sum", "difference", "product", "highest", "lowest")),
        kinded("quotient", part=inner, by=inner),
        kinded("weighted", parts=weighted, _missing=st.sampled_from(["keep", "spread"])),
        kinded("times", part=inner, factor=NUMBERS),
        kinded("limited", part=inner, _cap=st.just(5), _floor=st.just(0)),
        kinded("rounded", part=inner, digits=st.integers(0, 3), _mode=MODES),
        kinded("when", **{"if": conditions()}, part=inner, _otherwise=NUMBERS | inner),
        kinded("choose", value=inner, cases=titled(stretches(rule=inner))),
        kinded("by_category", cases=st.fixed_dictionaries({"first": inner, "second": inner | NO_CONCERN})),
        kinded("phases", part=inner, phases=phase, _in_order=st.booleans()),
    )


ABSOLUTE = st.recursive(simple(), combined, max_leaves=5)
CARDS = kinded("per_project", part=ABSOLUTE, _cap=st.just(8), _floor=st.just(0), _best=st.integers(1, 2))


def relative(part: Strategy) -> Strategy:
    order = {
        "_first": st.sampled_from(["highest", "lowest"]),
        "_missing": st.sampled_from(["undecided", "skip"]),
    }
    ranked = {
        **order,
        "_ties": st.sampled_from(["share", "undecided"]),
        "_alone": st.sampled_from(["undecided", "first"]),
    }
    places = st.just([{"from": 1, "to": 1, "points": 7}, {"from": 2, "to": 3, "points": 5}])
    rank = kinded("rank", part=part, **ranked)
    return st.one_of(
        kinded("power_coefficient", part=part, bottom=st.just(60), top=st.just(100), **order),
        rank,
        kinded("rank_bands", part=part, bands=places, _otherwise=NUMBERS, **ranked),
        kinded(
            "rank_gain",
            place=rank,
            previous=part,
            points=NUMBERS,
            fall=st.sampled_from(["undecided", "zero", "negative"]),
            _per=st.sampled_from(["previous", "place"]),
        ),
        kinded(
            "pool_share",
            part=part,
            pool=POSITIVE,
            _digits=st.integers(0, 3),
            remainder=st.sampled_from(["largest", "keep"]),
        ),
    )


RULES = st.one_of(
    simple(), relative(simple()), ABSOLUTE, CARDS, relative(ABSOLUTE | CARDS), combined(relative(ABSOLUTE))
)
FIGURES = st.dictionaries(st.sampled_from(["a", "b", "c"]), NUMBERS, min_size=2)
DERIVED = {"kind": "sum", "parts": [{"kind": "amount", "of": "a"}, {"kind": "amount", "of": "b"}]}


@st.composite
def subjects(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One to four subjects; mostly all of their figures are known, because one gap leaves a whole group undecided."""
    whole = draw(st.sampled_from([True, True, True, False]))
    return [
        draw(subject(f"s{index}", whole=whole)) for index in range(draw(st.sampled_from([1, 2, 3, 3, 4])))
    ]


@st.composite
def subject(draw: st.DrawFn, code: str, *, whole: bool) -> dict[str, Any]:
    figures = st.fixed_dictionaries(dict.fromkeys("abc", NUMBERS | POSITIVE)) if whole else FIGURES
    goals = {"year": 7, "Q2": 3, "stretch": {"year": 9, "Q2": 4}}
    targets = [{"goal": goals}] if whole else [{}, {"goal": 0}, {"goal": Decimal("2.5")}]
    held = [[("2026-01-01", "first")], [("2026-01-01", "first"), ("2026-03-15", "second")]]
    marks = st.lists(st.tuples(st.sampled_from("pq"), st.none() | st.integers(0, 11)), max_size=5)
    if whole:
        marks = st.lists(st.tuples(st.sampled_from("ppq"), st.integers(0, 10)), min_size=5, max_size=8)
    found: dict[str, Any] = {
        "code": code,
        "measures": {"item": draw(figures)},
        "targets": draw(st.sampled_from(targets)),
        "projects": {"item": draw(st.dictionaries(st.sampled_from("PQR"), figures, max_size=3))},
        "ratings": {
            "r": [
                {"panel": panel, "by": str(place), "mark": mark}
                for place, (panel, mark) in enumerate(draw(marks))
            ]
        },
    }
    if whole or draw(st.booleans()):
        found["choices"] = {
            "x": {"points": draw(st.integers(0, 5 if whole else 9)), "by": "甲", "reason": "理由"}
        }
    if chosen := draw(st.sampled_from(held if whole else [*held, []])):
        found["categories"] = [{"from": day, "category": name} for day, name in chosen]
    return found


def scheme_of(rule: dict[str, Any], rounding: dict[str, Any]) -> dict[str, Any]:
    measures: dict[str, Any] = {name: {"title": name} for name in ("a", "b", "c")}
    measures["derived"] = {"title": "导出", "computed": DERIVED}
    return {
        "scheme": "generated",
        "title": "生成",
        "year": 2026,
        "rounding": rounding,
        "targets": {"goal": {"title": "任务"}},
        "categories": {"when_changed": "time_weighted", "kinds": {"first": "甲", "second": "乙"}},
        "indicators": [{"code": "item", "title": "指标", "measures": measures, "rule": rule}],
    }


#: The document's own uses decide which codes a facts file may name; only those a rule asks for are kept.
def trimmed(rule: Any, document: dict[str, Any]) -> dict[str, Any]:
    text = repr(rule)
    dropped = {key for key, mark in (("choices", "'choice'"), ("ratings", "'rating'")) if mark not in text}
    return {key: value for key, value in document.items() if key not in dropped}


ELAPSED = Fraction(90, 365)  # 31 March


def someone(document: dict[str, Any]) -> Someone:
    def fractions(values: dict[str, Any]) -> dict[str, Any]:
        return {key: Fraction(str(value)) for key, value in values.items()}

    goal = document["targets"].get("goal")
    targets = {}
    if isinstance(goal, dict):
        higher = goal["stretch"]
        targets = {"goal": Fraction(goal["year"]), "goal@Q2": Fraction(goal["Q2"])}
        targets |= {"goal@stretch": Fraction(higher["year"]), "goal@Q2@stretch": Fraction(higher["Q2"])}
    elif goal is not None:
        targets = {"goal": Fraction(str(goal))}
    days = {1: [90], 2: [73, 17]}
    held = document.get("categories", [])
    parts = [
        (one["category"], Fraction(part, 90)) for one, part in zip(held, days.get(len(held), []), strict=True)
    ]
    return Someone(
        code=document["code"],
        measures=fractions(document["measures"]["item"]),
        targets=targets,
        categories=parts,
        ballots={
            "r": [
                (one["panel"], None if one["mark"] is None else Fraction(one["mark"]))
                for one in document["ratings"]["r"]
            ]
        },
        choices={"x": Fraction(str(document["choices"]["x"]["points"]))} if "choices" in document else {},
        projects={name: fractions(values) for name, values in document["projects"]["item"].items()},
    )


def expected(rule: dict[str, Any], who: Someone, world: World) -> Fraction | str:
    try:
        return reference.points(rule, who, world)
    except Open:
        return "undecided"
    except NoConcern:
        return "not_applicable"


def found(item: Item) -> Fraction | str:
    return item.status if item.exact is None else Fraction(item.exact)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(RULES, subjects(), st.integers(0, 4), MODES)
def test_both_evaluators_agree_to_the_last_digit(
    rule: dict[str, Any], people: list[dict[str, Any]], digits: int, mode: str
) -> None:
    scheme = parse_scheme(scheme_of(rule, {"digits": digits, "mode": mode}))
    document = {"as_of": "2026-03-31", "subjects": [trimmed(rule, person) for person in people]}
    sheets = try_out(scheme, parse_facts(document, scheme)).sheets
    world = World([someone(person) for person in people], {"derived": DERIVED}, ELAPSED)
    for who, sheet in zip(world.people, sheets, strict=True):
        (item,) = sheet.items
        wanted = expected(rule, who, world)
        if isinstance(wanted, str):
            assert item.status == wanted
            continue
        assert item.exact is not None, (item.status, item.undecided_reason, wanted)
        assert abs(Fraction(item.exact) - wanted) < Fraction(1, 10**25)
        assert item.points is not None
        assert Fraction(item.points) == reference.rounded(wanted, digits, mode)
        assert item.explanation


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(RULES, subjects(), st.randoms(use_true_random=False))
def test_order_of_subjects_is_irrelevant(
    rule: dict[str, Any], people: list[dict[str, Any]], shuffle: random.Random
) -> None:
    scheme = parse_scheme(scheme_of(rule, {}))
    mixed = list(people)
    shuffle.shuffle(mixed)
    results = []
    for order in (people, mixed):
        document = {"as_of": "2026-03-31", "subjects": [trimmed(rule, person) for person in order]}
        sheets = as_document(try_out(scheme, parse_facts(document, scheme)))["sheets"]
        results.append({sheet["subject"]: sheet for sheet in sheets})
    assert results[0] == results[1]


def test_second_evaluator_knows_every_kind() -> None:
    """All but `item`, which needs a second indicator and has a worked example of its own."""
    assert set(reference.KINDS) == set(KINDS) - {"item"}


WHERE = st.lists(
    st.one_of(
        record(
            {
                "attribute": st.just("level"),
                "operator": st.sampled_from(["eq", "ne"]),
                "value": st.just("city"),
            }
        ),
        record(
            {
                "attribute": st.just("level"),
                "operator": st.sampled_from(["in", "not_in"]),
                "value": st.just(["city", "national"]),
            }
        ),
        record(
            {
                "attribute": st.just("amount"),
                "operator": st.sampled_from(["gte", "gt", "lte", "lt"]),
                "value": st.sampled_from([1, 2]),
            }
        ),
        record(
            {
                "attribute": st.just("on"),
                "operator": st.sampled_from(["gte", "lte"]),
                "value": st.sampled_from(["2026-06-30", "2025-06-30"]),
            }
        ),
    ),
    max_size=2,
)
COUNTED = record(
    {
        "title": st.just("度量"),
        "facts": st.sampled_from([["signed"], ["signed", "started"]]),
        "aggregate": st.sampled_from(["count", "sum", "count_projects"]),
        "unit": st.just("亿元"),
    },
    roles=st.just(["introduction"]),
    share=st.sampled_from(["amount", "points", "none"]),
    once=st.sampled_from(["no", "first", "highest"]),
    where=WHERE,
    at_most=record(
        {"each": st.sampled_from(["month", "quarter", "half_year", "year"]), "count": st.integers(1, 2)}
    ),
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    facts, lines = [], []
    for index in range(draw(st.integers(0, 8))):
        fact: dict[str, Any] = {
            "id": f"F{index}",
            "kind": draw(st.sampled_from(["signed", "started", "tax"])),
            "on": (date(2026, 1, 1) + timedelta(days=draw(st.integers(-400, 400)))).isoformat(),
            "attributes": draw(
                st.sampled_from([{}, {"level": "city"}, {"level": "national"}, {"level": "other"}])
            ),
        }
        if draw(st.booleans()):
            fact["amount"] = draw(st.sampled_from([10**8, 2 * 10**8, 333_333_333, 10**7]))
        if draw(st.booleans()):
            fact["project"] = draw(st.sampled_from(["P", "Q"]))
        facts.append(fact)
        for role in draw(st.sets(st.sampled_from(["capture", "introduction"]))):
            share = draw(st.sampled_from([1, Decimal("0.5"), Decimal("0.3333"), 0]))
            lines.append({"fact": fact["id"], "role": role, "share": share})
    return facts, lines


def counted(measure: dict[str, Any], facts: list[dict[str, Any]], lines: list[dict[str, Any]]) -> Fraction:
    scheme = parse_scheme(
        {
            "scheme": "counted",
            "title": "计量",
            "year": 2026,
            "indicators": [
                {
                    "code": "item",
                    "title": "指标",
                    "measures": {"m": measure},
                    "rule": {"kind": "amount", "of": "m"},
                }
            ],
        }
    )
    document = {
        "subjects": [{"code": "u"}],
        "facts": facts,
        "credits": [{**line, "subject": "u"} for line in lines],
    }
    item = try_out(scheme, parse_facts(document, scheme)).sheets[0].items[0]
    assert item.exact is not None
    return Fraction(item.exact)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(COUNTED, worlds(), st.randoms(use_true_random=False))
def test_both_evaluators_measure_alike_in_any_order(
    measure: dict[str, Any], world: tuple[list[dict[str, Any]], list[dict[str, Any]]], shuffle: random.Random
) -> None:
    facts, lines = world
    wanted = reference.measured(measure, facts, lines)
    shuffle.shuffle(facts)
    shuffle.shuffle(lines)
    assert counted(measure, facts, lines) == wanted


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(COUNTED, worlds(), st.sampled_from(["0.5", "1"]))
def test_fact_that_is_added_and_reversed_changes_nothing(
    measure: dict[str, Any], world: tuple[list[dict[str, Any]], list[dict[str, Any]]], share: str
) -> None:
    facts, lines = world
    extra = {"id": "X", "kind": "signed", "on": "2026-01-01", "amount": 5 * 10**8, "project": "P"}
    given_and_taken = [
        {"fact": "X", "role": "introduction", "share": Decimal(sign + share)} for sign in ("", "-")
    ]
    assert counted(measure, [*facts, extra], [*lines, *given_and_taken]) == counted(measure, facts, lines)

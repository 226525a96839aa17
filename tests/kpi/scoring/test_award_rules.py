"""Conditions and exceptions of awards, and that nobody at a place is lost without a word; beside a second evaluation."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.scoring.awards import candidates
from kpi.scoring.circumstances import Circumstances, days_within, in_post_since, whole_months
from kpi.scoring.document import parse_scheme
from kpi.scoring.entries import InvalidDocument
from kpi.scoring.evaluate import Entry, Evaluation
from kpi.scoring.facts import MeasureValue
from kpi.scoring.facts_document import parse_facts
from kpi.scoring.fingerprint import fingerprint
from kpi.scoring.ranking import rank
from kpi.scoring.results import Candidate, Sheet, Subject
from kpi.scoring.scheme import Scheme
from kpi.scoring.trial import try_out
from tests.kpi.scoring.examples import item_with, sheet_of

OFFICERS = {"officers": {"title": "专员", "subjects": ["officer"]}}
EXCEPT = {"months_in_post": 6, "away": {"reasons": ["sick", "maternity"], "days": 60}, "seconded_days": 90}
PRIORITY: dict[str, Any] = {
    "code": "priority",
    "title": "优先选拔",
    "group": "officers",
    "everybody": True,
    "if_all": [{"identity": ["enterprise"]}],
    "if_any": [
        {"won": {"award": "gold", "years": 2}},
        {"introduced": {"classes": ["strategic"], "at_least": 2, "since": 2021}},
    ],
}
BY_MEASURE: dict[str, Any] = {
    **PRIORITY,
    "measures": {
        "strategic": {
            "title": "引进重特大项目",
            "facts": ["signed"],
            "aggregate": "count_projects",
            "roles": ["introduction"],
            "share": "none",
            "where": [
                {"attribute": "project_class", "operator": "eq", "value": "strategic"},
                {"attribute": "on", "operator": "gte", "value": "2021-01-01"},
            ],
        }
    },
    "if_any": [
        {"reached": {"title": "引进重特大项目不少于 2 个", "of": "strategic", "operator": "gte", "than": 2}},
    ],
}
GOLD: dict[str, Any] = {"code": "gold", "title": "金牌", "group": "officers", "first": 1}


def scheme_with(*awards: Mapping[str, Any]) -> Scheme:
    document = {
        "scheme": "awards",
        "title": "细则",
        "year": 2026,
        "groups": OFFICERS,
        "indicators": [
            {
                "code": "item",
                "title": "项目",
                "measures": {"done": {"title": "完成", "facts": ["signed"], "aggregate": "count"}},
                "rule": {"kind": "count_times_points", "terms": [{"of": "done", "each": 1}]},
            }
        ],
        "awards": list(awards),
    }
    return parse_scheme(document)


def last(places: int, **more: Any) -> dict[str, Any]:
    return {"code": "last", "title": "末位", "group": "officers", "last": places, "warning": True, **more}


def found_by(
    scheme: Scheme, points: Mapping[str, str], known: Mapping[str, Circumstances]
) -> tuple[Candidate, ...]:
    sheets = [sheet_of(code, item_with(total), kind="officer") for code, total in points.items()]
    none = {"priority": {"strategic": MeasureValue(Decimal(0))}}
    ordinary = Circumstances("contract")
    entries = [
        Entry(one.subject, none, {}, circumstances=known.get(one.subject.code, ordinary)) for one in sheets
    ]
    evaluation = Evaluation(scheme, entries, Decimal(1))
    standings = {"officers": rank(sheets, scheme.groups["officers"])}
    return candidates(scheme, standings, Decimal(1), (), evaluation)


def told(found: Sequence[Candidate]) -> list[tuple[str, str]]:
    return [(one.subject.code, one.status) for one in found]


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (Circumstances(months=5), "到岗 5 个月，不满 6 个月，按细则除外。"),
        (Circumstances(away={"sick": 20, "maternity": 40}), "年内经登记离岗 60 天，达到 60 天，按细则除外。"),
        (Circumstances(seconded=90), "年内借调 90 天，达到 90 天，按细则除外。"),
        (
            Circumstances(months=0, seconded=120),
            "到岗 0 个月，不满 6 个月；年内借调 120 天，达到 90 天，按细则除外。",
        ),
    ],
)
def test_who_is_excepted_is_told_with_the_figure(known: Circumstances, words: str) -> None:
    found = found_by(scheme_with(last(1, **{"except": EXCEPT})), {"a": "9", "b": "1"}, {"b": known})

    assert told(found) == [("b", "passed_over")]
    assert found[0].reason == f"专员第 2 名（共 2 名），1 分。{words}"


@pytest.mark.parametrize(
    "known",
    [
        Circumstances(),
        Circumstances(months=6),
        Circumstances(away={"sick": 59, "study": 200}),
        Circumstances(seconded=89),
    ],
)
def test_who_is_not_excepted_stays(known: Circumstances) -> None:
    found = found_by(scheme_with(last(1, **{"except": EXCEPT})), {"a": "9", "b": "1"}, {"b": known})

    assert told(found) == [("b", "candidate")]


@pytest.mark.parametrize(
    ("next_in_line", "expected"),
    [
        (False, [("d", "passed_over"), ("c", "candidate")]),
        (True, [("d", "passed_over"), ("c", "candidate"), ("b", "candidate")]),
    ],
)
def test_the_next_in_line_moves_up_where_the_scheme_says_so(
    next_in_line: bool, expected: list[tuple[str, str]]
) -> None:
    scheme = scheme_with(last(2, next_in_line=next_in_line, **{"except": EXCEPT}))
    points = {"a": "9", "b": "5", "c": "3", "d": "1"}

    assert told(found_by(scheme, points, {"d": Circumstances(months=1)})) == expected


def test_ties_across_the_last_place_are_excepted_where_the_scheme_says_so() -> None:
    points = {"a": "9", "b": "3", "c": "3", "d": "1"}
    named = found_by(scheme_with(last(2)), points, {})
    excepted = found_by(scheme_with(last(2, **{"except": {"ties": True}})), points, {})

    assert told(named) == [("d", "candidate"), ("c", "candidate"), ("b", "candidate")]
    assert told(excepted) == [("d", "candidate"), ("c", "passed_over"), ("b", "passed_over")]
    assert excepted[1].reason.endswith("并列跨过末 2 名的界线，按细则除外。")


@pytest.mark.parametrize(
    ("known", "status", "words"),
    [
        (
            Circumstances("enterprise", won={"gold": (2024, 2025)}),
            "candidate",
            "身份为企业性质。2024、2025 年连续 2 年获“金牌”。",
        ),
        (
            Circumstances("enterprise", won={"gold": (2025, 2026)}),
            "candidate",
            "身份为企业性质。2025、2026 年连续 2 年获“金牌”。",
        ),
        (Circumstances("enterprise", won={"gold": (2023, 2025)}), None, ""),
        (
            Circumstances("enterprise", introduced={"strategic": (2022, 2026), "major": (2025,)}),
            "candidate",
            "身份为企业性质。2021 年以来引进重特大项目 2 个，不少于 2 个。",
        ),
        (Circumstances("enterprise", introduced={"strategic": (2020, 2026)}), None, ""),
        (Circumstances("contract", introduced={"strategic": (2022, 2026)}), None, ""),
        (Circumstances("contract", won={"gold": (2024, 2025)}), None, ""),
        (
            Circumstances(won={"gold": (2024, 2025)}),
            "undecided",
            "未登记身份。2024、2025 年连续 2 年获“金牌”。",
        ),
    ],
)
def test_priority_by_gold_two_years_running_or_projects(
    known: Circumstances, status: str | None, words: str
) -> None:
    found = found_by(scheme_with(GOLD, PRIORITY), {"a": "9", "b": "1"}, {"b": known})

    assert [(one.status, one.reason) for one in found if one.award == "priority"] == (
        [(status, words)] if status else []
    )


def test_this_years_candidate_would_complete_the_row_once_people_decide() -> None:
    known = {"a": Circumstances("enterprise", won={"gold": (2025,)})}
    found = found_by(scheme_with(GOLD, PRIORITY), {"a": "9", "b": "1"}, known)

    assert [(one.subject.code, one.status, one.reason) for one in found if one.award == "priority"] == [
        ("a", "undecided", "身份为企业性质。本年度为“金牌”候选，决定授予后即连续 2 年。")
    ]


@pytest.mark.parametrize(
    ("role", "klass", "expected"),
    [("introduction", "strategic", 1), ("landing", "strategic", 0), ("introduction", "major", 0)],
)
def test_priority_by_projects_of_a_career(role: str, klass: str, expected: int) -> None:
    facts = {
        "as_of": "2026-12-31",
        "subjects": [
            {
                "code": "a",
                "kind": "officer",
                "circumstances": {"identity": "enterprise", "in_post_since": "2021-03-01"},
            }
        ],
        "facts": [
            {
                "id": f"f{year}",
                "kind": "signed",
                "on": f"{year}-05-01",
                "project": f"p{year}",
                "attributes": {"project_class": klass},
            }
            for year in (2020, 2022, 2026)
        ],
        "credits": [
            {"fact": f"f{year}", "subject": "a", "role": role, "share": share}
            for year, share in ((2020, 1), (2022, 0.2), (2026, 0.5))
        ],
    }
    scheme = scheme_with(GOLD, BY_MEASURE)
    trial = try_out(scheme, parse_facts(facts, scheme))
    found = [one for one in trial.candidates if one.award == "priority"]

    assert len(found) == expected
    if found:
        assert found[0].reason == "身份为企业性质。引进重特大项目不少于 2 个：是（引进重特大项目 2 个）。"


@pytest.mark.parametrize(
    ("awards", "fault"),
    [
        ([{**GOLD, "last": 1}], "awards[0]：请写明取前几名"),
        ([{**GOLD, "everybody": True}], "awards[0]：请写明取前几名"),
        (
            [{"code": "x", "title": "奖", "group": "officers", "everybody": True}],
            "awards[0]：不看名次的奖项要写条件",
        ),
        ([PRIORITY, GOLD], "awards[0].if_any[0].won.award：请把奖项“gold”写在这个奖项之前。"),
        ([PRIORITY], "awards[0].if_any[0].won.award：没有代码为“gold”的奖项。"),
        ([GOLD, {**BY_MEASURE, "code": "item"}], "awards[1].code：奖项有自己的度量"),
        (
            [GOLD, {**PRIORITY, "next_in_line": True}],
            "awards[1].next_in_line：next_in_line 只用于按名次的奖项。",
        ),
        ([GOLD, {**PRIORITY, "except": {"ties": True}}], "awards[1].except.ties：不看名次的奖项没有并列。"),
        ([{**GOLD, "measures": BY_MEASURE["measures"]}], "awards[0].measures：写了度量 measures"),
        ([GOLD, {**BY_MEASURE, "measures": {}}], "没有度量“strategic”"),
        (
            [{**GOLD, "if_all": [{"introduced": {"classes": ["major"], "at_least": 1, "since": 2027}}]}],
            "awards[0].if_all[0].introduced.since：累计的起始年度不能晚于考核年度。",
        ),
        ([{**GOLD, "except": {}}], "awards[0].except"),
        ([{**GOLD, "if_all": [{"identity": ["baron"]}]}], "awards[0].if_all[0].identity[0]"),
    ],
)
def test_faults_name_their_place(awards: list[dict[str, Any]], fault: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        scheme_with(*awards)

    assert any(fault in str(error) for error in refused.value.errors), [
        str(one) for one in refused.value.errors
    ]


DAYS = st.integers(0, 120)
KNOWN = st.builds(
    Circumstances,
    st.sampled_from(["", "enterprise", "contract"]),
    st.none() | st.integers(0, 12),
    st.fixed_dictionaries({}, optional={"sick": DAYS, "maternity": DAYS, "study": DAYS}),
    DAYS,
    st.fixed_dictionaries({}, optional={"gold": st.lists(st.integers(2023, 2026), unique=True).map(tuple)}),
)
FIELD = st.lists(st.tuples(st.sampled_from(["1", "2", "2.001", "3"]), KNOWN), max_size=9)
RULED = st.fixed_dictionaries(
    {
        "places": st.integers(1, 3),
        "next_in_line": st.booleans(),
        "ties": st.booleans(),
        "end": st.sampled_from(["first", "last"]),
    }
)


def second(points: Sequence[tuple[str, Circumstances]], rule: Mapping[str, Any]) -> dict[str, str]:
    """The same by another way: each subject alone, from the places between it and the end."""
    sign = -1 if rule["end"] == "first" else 1
    ordered = sorted({Decimal(total) for total, _known in points}, key=lambda total: sign * total)
    verdicts: dict[str, str] = {}
    used = 0
    for total in ordered:
        block = [(f"s{at}", known) for at, (text, known) in enumerate(points) if Decimal(text) == total]
        if used >= rule["places"]:
            break
        over = used + len(block) > rule["places"] and rule["ties"]
        out = {
            code
            for code, known in block
            if over
            or (known.months is not None and known.months < 6)
            or known.away.get("sick", 0) + known.away.get("maternity", 0) >= 60
            or known.seconded >= 90
        }
        verdicts |= {code: "passed_over" if code in out else "candidate" for code, _known in block}
        used += len(block) - (len(out) if rule["next_in_line"] else 0)
    return verdicts


@given(FIELD, RULED, st.randoms(use_true_random=False))
def test_everybody_at_the_places_is_named_in_any_order(
    field: list[tuple[str, Circumstances]], rule: dict[str, Any], shuffle: random.Random
) -> None:
    award = {
        **{key: value for key, value in last(1).items() if key != "last"},
        rule["end"]: rule["places"],
        "next_in_line": rule["next_in_line"],
        "except": {**EXCEPT, "ties": rule["ties"]},
    }
    scheme = scheme_with(award)
    points = {f"s{at}": total for at, (total, _known) in enumerate(field)}
    known = {f"s{at}": one for at, (_total, one) in enumerate(field)}
    found = found_by(scheme, points, known)
    mixed = list(points.items())
    shuffle.shuffle(mixed)

    assert found == found_by(scheme, dict(mixed), known)
    assert dict(told(found)) == second(field, rule)
    assert len(found) == len({one.subject.code for one in found})
    assert all("除外" in one.reason for one in found if one.status == "passed_over")
    holding = [one for one in found if one.status == "candidate" or not rule["next_in_line"]]
    assert len(holding) >= min(rule["places"], len(field)) or rule["next_in_line"]


@given(FIELD)
def test_priority_never_passes_by_identity_or_by_chance(field: list[tuple[str, Circumstances]]) -> None:
    points = {f"s{at}": total for at, (total, _known) in enumerate(field)}
    known = {f"s{at}": one for at, (_total, one) in enumerate(field)}
    only = {**PRIORITY, "if_any": PRIORITY["if_any"][:1]}
    found = found_by(scheme_with(GOLD, only), points, known)
    named = {one.subject.code for one in found if one.award == "priority" and one.status == "candidate"}
    expected = {
        code
        for code, one in known.items()
        if one.identity == "enterprise"
        and any({year - 1, year} <= set(one.won.get("gold", ())) for year in (2025, 2026))
    }

    assert named == expected


@given(st.dates(date(2020, 1, 1), date(2027, 12, 31)), st.integers(0, 1500))
def test_whole_months_grow_with_the_days(since: date, days: int) -> None:
    until = since + timedelta(days=days)
    found = whole_months(since, until)
    assert found <= whole_months(since, until + timedelta(days=1)) <= found + 1
    assert 28 * found <= days <= 31 * (found + 1)


def test_days_and_posts_without_a_gap() -> None:
    year = (date(2026, 1, 1), date(2027, 1, 1))
    spans = [(date(2025, 12, 1), date(2026, 1, 11)), (date(2026, 12, 1), None)]
    assert days_within(spans, *year) == 10 + 31
    first, gap = (date(2021, 1, 1), date(2023, 1, 1)), (date(2023, 6, 1), None)
    assert in_post_since([gap, first]) == date(2023, 6, 1)
    assert in_post_since([(date(2023, 1, 1), None), first]) == date(2021, 1, 1)
    assert in_post_since([]) is None


def test_circumstances_are_part_of_no_sheet() -> None:
    scheme = scheme_with(GOLD)
    entry = Entry(Subject("a", "officer"), {"item": {}}, {})
    other = replace(entry, circumstances=Circumstances("enterprise", months=1))
    sheets: list[Sheet] = [Evaluation(scheme, [one], Decimal(1)).sheet("a") for one in (entry, other)]
    assert sheets[0] == sheets[1]
    assert fingerprint(entry.circumstances) != fingerprint(other.circumstances)

"""The database and the plain reference measure the same, to the last digit, whatever the lines and the measure."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi.models import LedgerLine, Run
from kpi.queries.ledger import last_line, live_lines
from kpi.queries.linear import is_linear, linear_sums
from kpi.queries.lines import credit_lines
from kpi.queries.measures import Extent, measure_all, zero
from kpi.scoring.measures import measure
from kpi.scoring.scheme import Band, Filter, Measure
from projects.models import Achievement
from staff.models import Account, Person, Role, Team
from tests.factories.kpi import make_run, make_scheme, post
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_account, make_team

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 12, 31)
KEY = ("indicator", "m")
KINDS = ("signed", "paid_in", "win", "incident")
CLASSES = ("", "ordinary", "major")
AMOUNTS = (
    None,
    "0.00",
    "0.01",
    "29999999.99",
    "30000000.00",
    "100000000.00",
    "333333333.33",
    "5180000000.00",
)


class World:
    """Two officers of two teams and three projects, to which generated lines refer."""

    def __init__(self) -> None:
        self.teams: list[Team] = [make_team(), make_team()]
        self.accounts: list[Account] = [make_account(team=team) for team in (*self.teams, self.teams[0])]
        self.people: list[Person] = [account.person for account in self.accounts]  # type: ignore[misc]
        self.projects = [make_project(account) for account in self.accounts]
        self.manager = make_account(Role.MANAGER)
        self.run: Run = make_run(make_scheme())

    def lines(self, facts: list[dict[str, Any]]) -> None:
        """Write each fact with its lines, and reverse those that are marked."""
        for fact in facts:
            project = None if fact["project"] is None else self.projects[fact["project"]]
            achievement = Achievement.objects.create(
                project=project,
                person=None if project else self.people[0],
                kind="win",
                happened_on=fact["on"],
                submitted_by=self.manager,
            )
            for person, role, share, is_reversed in fact["lines"]:
                line = self._line(fact, achievement, person, role, share)
                if is_reversed:
                    self._reverse(line)

    def _line(
        self, fact: dict[str, Any], achievement: Achievement, person: int, role: str, share: Decimal
    ) -> LedgerLine:
        return LedgerLine.objects.create(
            year=2026,
            achievement=achievement,
            project=achievement.project,
            person=self.people[person],
            team=self.teams[person % 2],
            ranked_team=self.teams[person % 2] if person < 2 else None,
            kind=fact["kind"],
            role=role,
            happened_on=fact["on"],
            share=share,
            full_amount=fact["amount"],
            full_amount_usd=fact["amount_usd"],
            project_class=fact["project_class"],
            level=fact["level"],
            posted_run=self.run,
        )

    def _reverse(self, line: LedgerLine) -> None:
        original = line.pk
        line.pk, line.share, line.reverses_id = None, -line.share, original
        line.save(force_insert=True)

    def compare(self, definition: Measure) -> None:
        """Both evaluators, for every person and team."""
        extent = Extent(2026, last_line(2026), LAST_DAY)
        found = measure_all(definition, extent)
        lines = list(live_lines(2026, extent.last_line))
        subjects: dict[Any, list[LedgerLine]] = defaultdict(list)
        for line in lines:
            subjects["person", line.person_id].append(line)
            if line.ranked_team_id:
                subjects["team", line.ranked_team_id].append(line)
        assert set(found) <= set(subjects)
        summed = linear_sums({KEY: definition}, extent) if self._is_linear(definition, lines) else None
        for subject, own in subjects.items():
            expected = measure(definition, credit_lines(own, "subject"))
            value = found.get(subject, zero(definition))
            assert (value.value, value.bands) == (expected.value, expected.bands), (subject, definition)
            if summed is not None:
                value = summed.get(subject, {}).get(KEY, zero(definition))
                assert (value.value, value.bands) == (expected.value, expected.bands), (subject, definition)

    def _is_linear(self, definition: Measure, lines: list[LedgerLine]) -> bool:
        """As the product takes it: no project signs twice, which generated facts may."""
        signings = {(line.project_id, line.achievement_id) for line in lines if line.kind == "signed"}
        projects = [project for project, _fact in signings if project is not None]
        once = definition.once != "no" or definition.aggregate == "count_projects"
        return is_linear(definition) and (not once or len(projects) == len(set(projects)))


decimals = st.sampled_from(AMOUNTS).map(lambda text: None if text is None else Decimal(text))
shares = st.sampled_from(["0.0001", "0.25", "0.3333", "0.5", "1"]).map(Decimal)
credited = st.tuples(
    st.integers(0, 2), st.sampled_from(["capture", "introduction", "landing"]), shares, st.booleans()
)
facts = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(KINDS),
            "on": st.integers(0, 5).map(lambda days: date(2026, 3, 1) + timedelta(days=days)),
            "project": st.sampled_from([None, 0, 1, 2]),
            "amount": decimals,
            "amount_usd": decimals,
            "project_class": st.sampled_from(CLASSES),
            "level": st.sampled_from(["", "national", "city"]),
            "lines": st.lists(credited, min_size=1, max_size=4),
        }
    ),
    max_size=6,
)
filters = st.one_of(
    st.builds(
        Filter, st.just("project_class"), st.sampled_from(["in", "not_in"]), st.just(("major", "ordinary"))
    ),
    st.builds(
        Filter,
        st.sampled_from(["project_class", "level"]),
        st.sampled_from(["eq", "ne", "gte"]),
        st.just("national"),
    ),
    st.builds(
        Filter, st.just("on"), st.sampled_from(["gte", "gt", "lte", "lt", "eq", "ne"]), st.just("2026-03-03")
    ),
    st.builds(
        Filter,
        st.sampled_from(["amount", "amount_usd"]),
        st.sampled_from(["gte", "gt", "lte", "lt", "eq", "ne"]),
        st.sampled_from([Decimal("0.3"), Decimal(1), Decimal(30000000)]),
    ),
    st.builds(Filter, st.just("unheard_of"), st.just("eq"), st.just("major")),
    st.builds(Filter, st.just("level"), st.just("eq"), st.sampled_from([True, Decimal(1), ("city",)])),
)
BANDS = (
    Band("small", "小", Decimal("0.3"), Decimal(1)),
    Band("medium", "中", Decimal(1), Decimal(10), includes_to=True),
    Band("large", "大", Decimal(10), None, includes_from=False),
)
measures = st.builds(
    Measure,
    code=st.just("m"),
    title=st.just("度量"),
    kinds=st.sampled_from([("signed",), ("paid_in", "win"), KINDS]),
    aggregate=st.sampled_from(["count", "sum", "count_projects", "tiers"]),
    amount_unit=st.sampled_from(["元", "万元", "亿元"]),
    field=st.sampled_from(["amount", "amount_usd", "unheard_of"]),
    where=st.lists(filters, max_size=2).map(tuple),
    roles=st.sampled_from([(), ("capture",), ("introduction", "landing")]),
    share_mode=st.sampled_from(["amount", "points", "none"]),
    once=st.sampled_from(["no", "first", "highest"]),
    bands=st.just(BANDS),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(facts=facts, definitions=st.lists(measures, min_size=8, max_size=8))
def test_database_measures_what_the_plain_reference_measures(
    db: None, facts: list[dict[str, Any]], definitions: list[Measure]
) -> None:
    with transaction.atomic():
        world = World()
        world.lines(facts)
        for definition in definitions:
            world.compare(definition)
        transaction.set_rollback(True)


@pytest.fixture
def extent(db: None) -> Extent:
    """A year in which one officer signed twice in one project's life and a colleague has a third of another."""
    team = make_team()
    one, two = make_account(team=team), make_account(team=team)
    manager = make_account(Role.MANAGER)
    for amount, percents in (("100000000.00", (100,)), ("30000000.00", (Decimal("66.67"), Decimal("33.33")))):
        project = make_project(one)
        for account, percent in zip((one, two), percents, strict=False):
            make_share(project, account.person, percent=percent)  # type: ignore[arg-type]
        make_recognised(project, one, manager, amount=Decimal(amount), amount_cny=Decimal(amount))
    run = make_run(make_scheme())
    post(run)
    return Extent(2026, last_line(2026), LAST_DAY)


def test_sums_of_all_measures_are_one_query_and_go_on_from_any_line(extent: Extent) -> None:
    measures = {
        ("a", "count"): Measure("count", "签约", ("signed",), "count"),
        ("a", "size"): Measure("size", "规模", ("signed",), "tiers", bands=BANDS, once="highest"),
        ("b", "amount"): Measure("amount", "签约额", ("signed",), "sum", share_mode="amount"),
    }
    assert all(is_linear(definition) for definition in measures.values())

    with CaptureQueriesContext(connection) as queries:
        whole = linear_sums(measures, extent)
    half = LedgerLine.objects.order_by("pk")[1].pk
    first = linear_sums(measures, Extent(2026, half - 1, LAST_DAY))
    rest = linear_sums(measures, extent, since=half - 1)

    assert len(queries) == 1
    assert whole
    for subject, values in whole.items():
        for key, value in values.items():
            parts = [found[subject][key] for found in (first, rest) if key in found.get(subject, {})]
            assert sum(part.value for part in parts) == value.value
    assert {subject for subject, values in whole.items() if values} == {*first, *rest}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"share_mode": "none"}, False),
        ({"once": "first"}, True),
        ({"once": "first", "kinds": ("paid_in",)}, False),
        ({"kinds": ("signed", "registered"), "aggregate": "count_projects"}, False),
        ({"aggregate": "sum", "share_mode": "amount"}, True),
        ({"aggregate": "tiers", "share_mode": "amount", "bands": BANDS}, False),
        (
            {"aggregate": "sum", "share_mode": "amount", "where": (Filter("amount", "gte", Decimal(1)),)},
            False,
        ),
        ({"where": (Filter("amount", "gte", Decimal(1)),)}, True),
        ({"at_most": ("month", 2)}, False),
        ({"kinds": ("unheard_of",)}, False),
    ],
)
def test_which_measures_are_sums_over_lines(changed: dict[str, Any], expected: bool) -> None:
    definition = Measure(
        **{"code": "m", "title": "度量", "kinds": ("signed",), "aggregate": "count", **changed}
    )

    assert is_linear(definition) == expected


def test_a_measure_of_everybody_is_one_query(extent: Extent) -> None:
    definition = Measure("m", "签约", ("signed",), "tiers", bands=BANDS, once="highest")

    with CaptureQueriesContext(connection) as queries:
        found = measure_all(definition, extent)

    assert len(queries) == 1
    assert {kind for kind, _pk in found} == {"person", "team"}


def test_a_teams_share_is_the_sum_of_its_members(extent: Extent) -> None:
    found = measure_all(Measure("m", "签约额", ("signed",), "sum", share_mode="amount"), extent)

    people = sorted(value.value for (kind, _pk), value in found.items() if kind == "person")
    assert people == [Decimal("0.09999"), Decimal("1.20001")]
    assert [value.value for (kind, _pk), value in found.items() if kind == "team"] == [Decimal("1.3")]


def test_lines_after_the_day_or_the_last_line_do_not_count(extent: Extent) -> None:
    definition = Measure("m", "签约", ("signed",), "count")

    assert measure_all(definition, Extent(2026, extent.last_line, date(2026, 2, 28))) == {}
    assert measure_all(definition, Extent(2026, 0, LAST_DAY)) == {}

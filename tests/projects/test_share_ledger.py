"""The share ledger by properties: whatever is settled in whatever order, every day is whole and every fact is credited whole."""

import importlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kpi.actions.ledger import post_credit
from kpi.models import LedgerLine
from projects.actions import correct_shares, share_credit
from projects.models import CreditRole, CreditShare, Project
from projects.shares import WHOLE, by_role, fault_of, lines_of
from promotion.errors import Outcome
from staff.models import Role
from tests.factories.kpi import make_run, make_scheme
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_account, make_team

FIRST = date(2026, 1, 5)
ROLES = [str(role) for role in CreditRole]


@st.composite
def wholes(draw: Any, most: int = 4, step: int = 1) -> list[Decimal]:
    """Parts of 100 in so many hundredths."""
    places = st.integers(1, 10000 // step - 1).map(lambda place: place * step)
    cuts = sorted(draw(st.sets(places, max_size=most - 1)))
    return [Decimal(b - a) / 100 for a, b in zip([0, *cuts], [*cuts, 10000], strict=True)]


@st.composite
def settlements(draw: Any) -> tuple[dict[str, Decimal], list[tuple[int, str, Decimal]]]:
    """Weights of some roles and shares of some of four people in each."""
    weights = draw(wholes(step=100))
    roles = draw(st.permutations(ROLES))[: len(weights)]
    members = [
        (person, role, share)
        for role in roles
        for person, share in zip(draw(st.permutations(range(4))), draw(wholes()), strict=False)
    ]
    return dict(zip(roles, weights, strict=True)), members


@given(settlements())
def test_lines_of_a_settlement_sum_exactly(settled: Any) -> None:
    weights, members = settled

    lines = lines_of(weights, members)

    assert fault_of(weights, members) is None
    assert sum(line.percent for line in lines) == WHOLE
    for role, weight in weights.items():
        assert sum(line.percent for line in lines if line.role == role) == weight


@given(wholes(most=6), st.lists(st.sampled_from(ROLES), min_size=6, max_size=6))
def test_parts_of_the_whole_come_back_from_weights_and_shares(parts: list[Decimal], roles: list[str]) -> None:
    given_parts = [(place, roles[place], part) for place, part in enumerate(parts)]

    weights, members = by_role(given_parts)

    assert [line.percent for line in lines_of(weights, members)] == parts
    for role in weights:
        assert sum(share for _member, own, share in members if own == role) == WHOLE


class ShareLedger(TestCase):
    """Random sequences of settlements and corrections over random facts, through the actions."""

    def setUp(self) -> None:
        team = make_team()
        self.manager, self.officer = make_account(Role.MANAGER), make_account(Role.OFFICER, team=team)
        self.people = [self.officer.person, *(make_account(team=team).person for _n in range(3))]

    def settle(self, project: Project, steps: list[Any]) -> None:
        for (weights, members), days, correct in steps:
            shares = [(self.people[person], role, share) for person, role, share in members]
            given_shares: dict[str, Any] = {
                "actor": self.manager,
                "project": project,
                "weights": weights,
                "shares": shares,
                "on": FIRST + timedelta(days),
            }
            try:
                if correct:
                    correct_shares(reason="更正", **given_shares)
                else:
                    share_credit(**given_shares)
            except Outcome:
                continue

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(st.tuples(settlements(), st.integers(0, 60), st.booleans()), max_size=4),
        st.lists(st.tuples(st.integers(0, 70), st.integers(1, 10**9)), max_size=3),
        st.randoms(use_true_random=False),
    )
    def test_every_day_is_whole_and_every_fact_is_credited_whole(
        self, steps: list[Any], facts: list[tuple[int, int]], order: Any
    ) -> None:
        project = make_project(self.officer, created_by=self.officer)
        make_share(project, self.officer.person)
        run = make_run(make_scheme(2026), year=2026)
        for days, cents in facts:
            amount = Decimal(cents) / 100
            make_recognised(
                project,
                self.officer,
                self.manager,
                kind="paid_in",
                happened_on=FIRST + timedelta(days),
                amount=amount,
                amount_cny=amount,
            )
        post_credit(run=run, year=2026)
        self.settle(project, steps)
        post_credit(run=run, year=2026)

        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        rows = list(CreditShare.objects.filter(project=project))
        for day in {FIRST + timedelta(n) for n in (0, 1, 15, 30, 59, 60, 61, 400)}:
            held = [
                row
                for row in rows
                if row.holds_from <= day and (not row.holds_until or row.holds_until > day)
            ]
            assert sum(row.percent for row in held) == WHOLE
            for role in {row.role for row in held}:
                own = [row for row in held if row.role == role]
                assert (sum(row.share for row in own), len({row.weight for row in own})) == (WHOLE, 1)
                assert len({row.person_id for row in own}) == len(own)
        for achievement in project.achievements.all():
            lines = LedgerLine.objects.filter(achievement=achievement)
            assert sum(line.amount for line in lines) == achievement.recognised_cny
            assert sum(line.share for line in lines) == 1
        self.in_another_order(project, order)

    def in_another_order(self, project: Project, order: Any) -> None:
        """The same facts posted in another order to an empty ledger give the same credit."""

        def credit() -> list[Any]:
            live: dict[Any, Decimal] = {}
            for line in LedgerLine.objects.filter(project=project):
                key = (line.achievement.happened_on, line.achievement.amount_cny, line.person_id, line.role)
                live[key] = live.get(key, Decimal(0)) + line.amount
            return sorted((key, amount) for key, amount in live.items() if amount)

        before = credit()
        copies = list(project.achievements.all())
        order.shuffle(copies)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE kpi_ledgerline DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM kpi_ledgerline")
            cursor.execute("ALTER TABLE kpi_ledgerline ENABLE TRIGGER USER")
        project.achievements.update(
            state="submitted", recognised_cny=None, recognised_amount=None, recognised_on=None
        )
        run = make_run(make_scheme(2026), year=2026)
        for copy in copies:
            copy.save()
            post_credit(run=run, year=2026)
        assert credit() == before


@pytest.mark.django_db
def test_data_migration_keeps_what_everybody_is_credited_with() -> None:
    """Rows as they were before, filled by the migration's own function: parts stay, roles and weights total 100."""
    team = make_team()
    owner = make_account(Role.OFFICER, team=team)
    people = [owner.person, *(make_account(team=team).person for _n in range(3))]
    project = make_project(owner)
    change = date(2026, 6, 1)
    versions = [
        (FIRST, change, [(0, "capture", "30"), (0, "introduction", "50"), (0, "landing", "20")]),
        (
            change,
            change,
            [(1, "introduction", "33.33"), (2, "introduction", "33.34"), (3, "landing", "33.33")],
        ),
        (change, None, [(0, "introduction", "0.01"), (1, "introduction", "66.66"), (2, "capture", "33.33")]),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE projects_creditshare DISABLE TRIGGER USER")
    for number, (start, end, rows) in enumerate(versions, start=1):
        for person, role, percent in rows:
            CreditShare.objects.create(
                project=project,
                person=people[person],
                role=role,
                settlement=10 * number,
                weight=Decimal(percent),
                share=WHOLE,
                percent=Decimal(percent),
                holds_from=start,
                holds_until=end,
            )
    before = list(
        CreditShare.objects.order_by("pk").values_list("pk", "percent", "holds_from", "holds_until")
    )
    module = next(
        name
        for name in ("0015_share_parts", "0016_share_parts")
        if importlib.util.find_spec(f"projects.migrations.{name}")
    )

    with connection.schema_editor(atomic=False) as editor:
        importlib.import_module(f"projects.migrations.{module}").fill(apps, editor)

    assert before == list(
        CreditShare.objects.order_by("pk").values_list("pk", "percent", "holds_from", "holds_until")
    )
    found = list(CreditShare.objects.order_by("pk").values_list("settlement", "role", "weight"))
    assert found == [
        (1, "capture", Decimal(30)),
        (1, "introduction", Decimal(50)),
        (1, "landing", Decimal(20)),
        (2, "introduction", Decimal("66.67")),
        (2, "introduction", Decimal("66.67")),
        (2, "landing", Decimal("33.33")),
        (3, "introduction", Decimal("66.67")),
        (3, "introduction", Decimal("66.67")),
        (3, "capture", Decimal("33.33")),
    ]

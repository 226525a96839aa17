"""Kept totals of achievements say exactly what reading says, to everybody, whatever changed and however rows were folded."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.access import achievements_visible_to
from projects.models import Achievement, AchievementTally, Project, ProjectReader
from projects.models.achievement_tally import FOLDED_EVERY
from projects.queries.achievement_tally import (
    READ,
    KeptChoice,
    achievement_totals,
    drifted_achievements,
    recognised_by_month,
)
from projects.queries.facts import RECOGNISED_USD
from staff.models import Account, Role
from tests.factories.projects import make_project
from tests.factories.staff import make_account, make_team

pytestmark = pytest.mark.django_db
THIS = date(2026, 3, 1)
MONEY = (None, Decimal("0.01"), Decimal("123456789.99"))
CHOICES = (
    KeptChoice(),
    KeptChoice(kinds=("paid_in", "jobs")),
    KeptChoice(states=("recognised",)),
    KeptChoice(kinds=("tax",), states=("submitted", "recognised"), year=2026),
    KeptChoice(year=2025),
)


def fold_next() -> None:
    """The next row that is added has a number at which all rows are folded together."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('projects_achievementtally', 'id'),"
            " (nextval(pg_get_serial_sequence('projects_achievementtally', 'id')) / %s + 1) * %s - 1)",
            [FOLDED_EVERY, FOLDED_EVERY],
        )


def read(actor: Account, choice: KeptChoice) -> dict[str, Any]:
    """From the visible achievements themselves."""
    found = achievements_visible_to(actor).filter(**choice.lookups).order_by()
    if choice.year:
        found = found.filter(happened_on__year=choice.year)
    return found.aggregate(count=Count("pk"), **{f"{name}_": Sum(value) for name, value in READ.items()})


class House:
    """A team, those who oversee it, and what can happen to its achievements and projects."""

    def __init__(self) -> None:
        self.officer = make_account(team=make_team())
        roles = (Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR, Role.HR)
        self.readers = [make_account(role) for role in roles]
        self.manager = self.readers[0]
        self.projects = [make_project(self.officer) for _number in range(3)]

    def chosen(self, one: int) -> Any:
        keys = list(Achievement.objects.order_by("pk").values_list("pk", flat=True))
        return Achievement.objects.filter(pk__in=keys[one % len(keys) :][:1] if keys else [])

    def report(self, one: int, value: int) -> None:
        kind = ("paid_in", "tax", "jobs", "win")[value % 4]
        amount = None if kind in ("jobs", "win") else MONEY[one % len(MONEY)]
        dollars = {"currency": "USD", "exchange_rate": Decimal("7.1"), "rate_on": THIS} if one % 2 else {}
        Achievement.objects.create(
            kind=kind, project=None if kind == "win" else self.projects[one % 3], person=self.officer.person,
            happened_on=THIS + timedelta(days=40 * (value % 12) - 240), submitted_by=self.officer, amount=amount,
            amount_cny=amount, people=one + 1 if kind == "jobs" else None, **(dollars if amount else {}),
        )  # fmt: skip

    def recognise(self, one: int, value: int) -> None:
        less = Decimal(value % 2)
        self.chosen(one).filter(state="submitted").update(
            state="recognised", decided_by=self.manager, recognised_on=timezone.localdate(),
            recognised_amount=F("amount"), recognised_cny=F("amount_cny") - less, recognised_people=F("people"),
            usd_rate=Decimal("7.03") if value % 3 == 0 else None,
        )  # fmt: skip

    def reverse(self, one: int, value: int) -> None:
        self.chosen(one).filter(state="recognised").update(state="reversed", reversed_on=THIS)

    def shift(self, one: int, value: int) -> None:
        self.chosen(one).update(happened_on=THIS + timedelta(days=31 * value))

    def move(self, one: int, value: int) -> None:
        self.chosen(one).exclude(kind="win").update(project=self.projects[value % 3])

    def drop(self, one: int, value: int) -> None:
        self.chosen(one).delete()

    def hide(self, one: int, value: int) -> None:
        project = self.projects[one % 3]
        Project.objects.filter(pk=project.pk).update(is_secret=value % 2 == 0, code_name=f"青峰{project.pk}")

    def name_reader(self, one: int, value: int) -> None:
        reader = self.readers[value % len(self.readers)].person or self.officer.person
        ProjectReader.objects.get_or_create(
            project=self.projects[one % 3], person=reader,
            defaults={"reads_from": THIS, "granted_by": self.manager, "reason": "联审"},
        )  # fmt: skip

    def sweep(self, one: int, value: int) -> None:
        Achievement.objects.filter(kind="tax").update(amount_cny=MONEY[value % len(MONEY)])

    def fold(self, one: int, value: int) -> None:
        fold_next()

    def undo(self, one: int, value: int) -> None:
        with transaction.atomic():
            self.report(one, value)
            transaction.set_rollback(True)

    def check(self) -> None:
        assert not drifted_achievements()
        for reader in self.readers:
            for choice in CHOICES:
                kept = achievement_totals(reader, choice)
                assert kept is not None
                assert {name.rstrip("_"): value for name, value in read(reader, choice).items()} == kept
        assert achievement_totals(self.officer, KeptChoice()) is None


STEPS = ("report", "report", "recognise", "reverse", "shift", "move", "drop", "hide", "name_reader", "sweep", "fold", "undo")  # fmt: skip


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 5), st.integers(0, 11)), min_size=3, max_size=12
    )
)
def test_totals_hold_through_any_history(db: None, steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        house = House()
        for name, one, value in steps:
            getattr(house, name)(one, value)
        house.check()
        transaction.set_rollback(True)


def test_the_dashboard_says_what_reading_says(db: None) -> None:
    house = House()
    for step in range(12):
        house.report(step, step)
        house.recognise(step, step)
    found = sorted(recognised_by_month(2026), key=lambda row: (row["kind"], row["happened_on__month"]))
    rows: Any = Achievement.objects.filter(state="recognised", happened_on__year=2026, project__isnull=False)
    counted = rows.order_by().values("kind", "happened_on__month").annotate(
        count=Count("pk"), amount=Sum("recognised_cny"), usd=Sum(RECOGNISED_USD)
    )  # fmt: skip
    expected = [
        row | {"amount": row["amount"] or 0, "usd": (row["usd"] or 0) if row["kind"] == "paid_in" else 0}
        for row in counted.order_by("kind", "happened_on__month")
    ]

    assert found
    assert found == expected


def test_the_list_takes_its_figures_from_what_is_kept(db: None) -> None:
    house = House()
    for step in range(6):
        house.report(step, step)
    browser = Client()
    browser.force_login(house.manager)
    Project.objects.filter(pk=house.projects[0].pk).update(is_secret=True, code_name="青峰")
    shown = browser.get("/achievements/?kind=tax").context["list"].figures
    AchievementTally.objects.all().delete()
    narrowed = browser.get("/achievements/?kind=tax&currency=CNY").context["list"].figures

    wanted = read(house.manager, KeptChoice(kinds=("tax",)))
    assert (shown["total_rows"], shown["total_amount"]) == (wanted["count"], wanted["reported_cny_"])
    assert narrowed["total_rows"] <= wanted["count"]


@pytest.mark.parametrize("count", [1, 3])
def test_totals_cost_two_statements_however_many_there_are(db: None, count: int) -> None:
    house = House()
    for step in range(count):
        house.report(step, step)
    with CaptureQueriesContext(connection) as queries:
        achievement_totals(house.manager, KeptChoice())
    assert len(queries) == 2


def test_totals_that_differ_are_told_and_written_anew(db: None) -> None:
    house = House()
    house.report(1, 1)
    AchievementTally.objects.update(count=5)
    with pytest.raises(CommandError, match="1 totals differ"):
        call_command("verify_tally", stdout=StringIO())
    call_command("verify_tally", recount=True, stdout=StringIO())

    assert not drifted_achievements()

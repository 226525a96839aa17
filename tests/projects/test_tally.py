"""Kept totals say exactly what counting says, to everybody, whatever changed in which order and however rows were folded."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, Sum
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.access import projects_visible_to
from projects.filters.project import ProjectFilter
from projects.models import CreditShare, Project, ProjectReader, ProjectTally
from projects.models.tally import FOLDED_EVERY
from projects.queries.ageing import stalled_on
from projects.queries.board import _first_of_each_stage
from projects.queries.by_team import first_of_stages, stalled_count
from projects.queries.clock import clock_book
from projects.queries.home import stage_shares
from projects.queries.own import own_projects
from projects.queries.tally import Kept, Total, counted_by_stage, drifted_totals, stage_totals, total_of
from projects.workflow import ORDER, Status
from staff.models import Account, Appointment, Role, Team
from tests.factories.projects import make_company, make_project, make_share
from tests.factories.staff import make_account, make_appointment, make_team

pytestmark = pytest.mark.django_db
AMOUNTS = (None, Decimal(0), Decimal("0.01"), Decimal(100_000_000), Decimal("123456789012.34"))


def fold_next() -> None:
    """The next row that is added has a number at which all rows are folded together."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('projects_projecttally', 'id'),"
            " (nextval(pg_get_serial_sequence('projects_projecttally', 'id')) / %s + 1) * %s - 1)",
            [FOLDED_EVERY, FOLDED_EVERY],
        )


def counted(actor: Account, status: str) -> Mapping[str, Total]:
    """By stage, from the visible projects themselves."""
    found = projects_visible_to(actor)
    return counted_by_stage(found.filter(status=status) if status else found)


class House:
    """Two teams and an office below the first, people of every role, and what can happen to their projects."""

    def __init__(self) -> None:
        first, second = make_team(), make_team()
        self.teams = [first, second, make_team(parent=first)]
        self.officers = [make_account(team=team) for team in (*self.teams, first)]
        leader = make_account(Role.LEADER, team=first)
        self.people = [*self.officers, leader]
        others = (Role.MANAGER, Role.HR, Role.AUDITOR, Role.ADMINISTRATOR)
        self.manager, *rest = (make_account(role) for role in others)
        system = Account.objects.create(username="system", password="!", role=Role.API_CLIENT)
        self.readers = [*self.people, self.manager, *rest, make_account(), system]
        self.company = make_company(self.manager)
        self.projects: list[Project] = []

    def chosen(self, one: int) -> list[Project]:
        return self.projects[one % len(self.projects) :][:1] if self.projects else []

    def update(self, one: int, **fields: object) -> None:
        Project.objects.filter(pk__in=[project.pk for project in self.chosen(one)]).update(**fields)

    def enter(self, one: int, value: int) -> None:
        owner = self.officers[one % len(self.officers)]
        fields = {"planned_investment": AMOUNTS[value % len(AMOUNTS)], "stage": ORDER[value % 3]}
        self.projects.append(make_project(owner, company=self.company, **fields))

    def invest(self, one: int, value: int) -> None:
        self.update(one, planned_investment=AMOUNTS[value % len(AMOUNTS)])

    def move(self, one: int, value: int) -> None:
        today = timezone.localdate()
        days = timedelta(value * 60)
        self.update(one, stage=ORDER[value % len(ORDER)], stage_since=today - days, reported_on=today - days)

    def classify(self, one: int, value: int) -> None:
        self.update(one, industry=("", "materials", "services")[value % 3])

    def suspend(self, one: int, value: int) -> None:
        self.update(one, status=Status.values[value % len(Status.values)])

    def hand_over(self, one: int, value: int) -> None:
        self.update(one, owner=self.people[value % len(self.people)].person)

    def reassign(self, one: int, value: int) -> None:
        self.update(one, team=self.teams[value % len(self.teams)])

    def hide(self, one: int, value: int) -> None:
        for project in self.chosen(one):
            self.update(one, is_secret=value % 3 != 0, code_name=f"青峰{project.pk}")

    def share(self, one: int, value: int) -> None:
        person = self.people[value % len(self.people)].person
        for project in self.chosen(one):
            if CreditShare.objects.filter(project=project).exists():
                CreditShare.objects.filter(project=project).update(
                    holds_until=None if value % 2 else timezone.localdate()
                )
            elif person is not None:
                make_share(project, person)

    def read(self, one: int, value: int) -> None:
        """Named to read, from a day in the past or in the future."""
        for project in self.chosen(one):
            ProjectReader.objects.get_or_create(
                project=project,
                person=self.readers[value % len(self.readers)].person or self.people[0].person,
                defaults={
                    "reads_from": timezone.localdate() + timedelta(1 if value == 5 else -1),
                    "granted_by": self.manager,
                    "reason": "联审",
                },
            )

    def post(self, one: int, value: int) -> None:
        """Somebody moves to another team."""
        person = self.officers[one % len(self.officers)].person
        assert person is not None
        Appointment.objects.filter(person=person).delete()
        make_appointment(person, self.teams[value % len(self.teams)])

    def drop(self, one: int, value: int) -> None:
        for project in self.chosen(one):
            if not CreditShare.objects.filter(project=project).exists():
                ProjectReader.objects.filter(project=project).delete()
                self.projects.remove(project)
                project.delete()

    def sweep(self, one: int, value: int) -> None:
        """Many at once: they change their stage with their team, so that some changes cancel each other out."""
        Project.objects.filter(team=self.teams[one % len(self.teams)]).update(
            stage=ORDER[value % len(ORDER)], team=self.teams[value % len(self.teams)]
        )

    def fold(self, one: int, value: int) -> None:
        fold_next()

    def undo(self, one: int, value: int) -> None:
        """What is taken back leaves no trace, a fold neither."""
        with transaction.atomic():
            fold_next()
            self.sweep(one, value)
            transaction.set_rollback(True)

    def check(self) -> None:
        book = clock_book()
        assert drifted_totals() == []
        for reader in self.readers:
            for status in (Status.ACTIVE, Status.SUSPENDED, ""):
                assert dict(stage_totals(reader, Kept(status))) == counted(reader, status)
            own = counted_by_stage(own_projects(reader))
            shares = {one.stage: (one.count, one.amount) for one in stage_shares(reader) if one.count}
            assert shares == {stage: (total.count, total.amount or 0) for stage, total in own.items()}
            visible = projects_visible_to(reader).filter(status=Status.ACTIVE)
            assert sorted(first_of_stages(reader, 2)) == sorted(_first_of_each_stage(reader, visible, 2))
            stalled = visible.filter(stalled_on(book.ageing)).count()
            assert stalled_count(reader, book.ageing) == stalled


VERBS = [name for name, value in vars(House).items() if callable(value) and not name.startswith("_")]
VERBS = [name for name in VERBS if name not in ("chosen", "update", "check")]
step = st.tuples(st.sampled_from(VERBS), st.integers(0, 5), st.integers(0, 7))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(history=st.lists(step, min_size=4, max_size=14))
def test_totals_are_what_counting_gives_in_any_history(history: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        house = House()
        for place in range(6):
            house.enter(place // 2, place // 3)
        for verb, one, value in history:
            getattr(house, verb)(one, value)
        house.check()
        transaction.set_rollback(True)


def test_folding_leaves_one_row_for_each_total(officer: Account, outsider: Account) -> None:
    for amount in (1, 2, 3):
        make_project(officer, planned_investment=amount)
    make_project(outsider, planned_investment=None)
    assert ProjectTally.objects.count() == 4

    gone = make_project(outsider, stage="signed")
    fold_next()
    gone.delete()

    rows = ProjectTally.objects.values_list("team", "stage", "count", "known", "amount")
    teams = [make.person.appointments.get().team_id for make in (officer, outsider) if make.person]
    assert set(rows) == {(teams[0], "lead", 3, 3, 6), (teams[1], "lead", 1, 0, 0)}


def test_an_unrelated_change_adds_no_row(officer: Account) -> None:
    project = make_project(officer)
    rows = ProjectTally.objects.count()
    Project.objects.filter(pk=project.pk).update(summary="改了简介", next_step="来访")
    assert ProjectTally.objects.count() == rows


def test_emptied_projects_are_no_longer_counted(officer: Account) -> None:
    make_project(officer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE projects_project CASCADE")
    assert ProjectTally.objects.count() == 0


def test_a_drift_is_told_and_put_right(officer: Account) -> None:
    project = make_project(officer, planned_investment=7)
    call_command("verify_tally", stdout=StringIO())
    ProjectTally.objects.update(count=5)

    said = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_tally", stdout=said)
    assert (
        f"team {project.team_id} active lead new_energy: (1, Decimal('7.00')) counted, (5, "
        in said.getvalue()
    )

    call_command("verify_tally", "--recount", stdout=StringIO())
    assert (drifted_totals(), total_of(officer)) == ([], Total(1, Decimal(7)))


@pytest.mark.parametrize(
    "query",
    ["", "status=any", "status=suspended", "stage=lead", "stage=lead&stage=signed", "reached=signed", "stage=nothing",
     "reached=signed&stage=lead", "team={first}", "team={second}", "team={first}&team={second}&stage=lead",
     "status=active&reached=admission&team={first}", "status=nothing"],
)  # fmt: skip
def test_filters_by_status_stage_and_team_take_kept_totals(
    query: str, officer: Account, leader: Account, outsider: Account, manager: Account, first_team: Team,
    second_team: Team,
) -> None:  # fmt: skip
    for owner, stage, status, amount in (
        (officer, "lead", "active", 3), (officer, "signed", "active", 5), (outsider, "lead", "active", None),
        (outsider, "admission", "active", 11), (officer, "lead", "suspended", 13),
    ):  # fmt: skip
        make_project(owner, stage=stage, status=status, planned_investment=amount)
    shared = make_project(outsider, stage="signed", planned_investment=17)
    assert officer.person is not None
    make_share(shared, officer.person)

    for reader in (officer, leader, outsider, manager):
        asked = RequestFactory().get(
            f"/?{query.format(first=first_team.public_id, second=second_team.public_id)}"
        )
        asked.user = reader
        filters = ProjectFilter(asked.GET, queryset=projects_visible_to(reader), request=asked)
        expected = filters.qs.aggregate(count=Count("pk"), amount=Sum("planned_investment"))
        assert filters.kept is not None
        assert total_of(reader, filters.kept) == Total(**expected)


@pytest.mark.parametrize(
    "query", ["q=电池", "min_amount=0", "idle_from=0", "mine=1", "stalled=1", "stage=lead&industry=other"]
)
def test_other_filters_are_counted(query: str, officer: Account) -> None:
    asked = RequestFactory().get(f"/?{query}")
    asked.user = officer
    assert ProjectFilter(asked.GET, queryset=projects_visible_to(officer), request=asked).kept is None

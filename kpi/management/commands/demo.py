"""`manage.py demo`: fill an empty house with the practice case's organisation and three years of work.

Every record comes through the actions that people use, so the demo is a walk through the real doors. The same day gives
the same data. With --reset everything is emptied first; without, a house that is not empty is left alone.
"""

import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from kpi import demo as assessment
from kpi.demo.chapters import tell_years
from kpi.models import Standing
from kpi.queries.run import current_run
from projects import actions as project_actions
from projects.access import achievements_visible_to, projects_visible_to
from projects.demo import Cast, plan_projects, plan_wins
from projects.demo.chapters import CHAPTERS, World
from projects.demo.papers import paper
from projects.models import Project
from projects.queries.evidence import checklists_of, listed_requirements
from projects.queries.gates import missing_gates
from promotion.web.tables import Table, TableRow
from staff import actions as staff_actions
from staff.access import teams_visible_to
from staff.demo.interviews import tell_interviews
from staff.demo.logins import CAST, DEMO_PASSWORD
from staff.demo.organisation import TEAMS, plan_people
from staff.demo.rounds import tell_rounds
from staff.demo.skills import tell_skills
from staff.imports import HEADINGS, read_roster
from staff.models import Account, Appointment, Grade, Person, Role, Team

OWN_APPS = ("promotion", "staff", "projects", "kpi")


class Command(BaseCommand):
    help = "Fills an empty database with demo data; --reset empties it first."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--reset", action="store_true", help="empty everything first")

    def handle(self, *args: Any, **options: Any) -> None:
        self.started = time.monotonic()
        if options["reset"]:
            self.tell("emptying")
            empty()
        if Account.objects.exists():
            raise CommandError(
                "This house is not empty. `manage.py demo --reset` empties it and fills it again."
            )
        today = timezone.localdate()
        accounts = open_house(today)
        self.tell(f"{Appointment.objects.count()} people in {Team.objects.count()} teams")
        begin_checklist(accounts["manager"])
        cast = gather_cast(accounts)
        history = project_actions.import_history(
            actor=accounts["admin"],
            projects=plan_projects(cast, today),
            achievements=tuple(plan_wins(cast, today)),
        )
        self.tell(f"{len(history)} projects")
        world = World(accounts, cast, today)
        for chapter in CHAPTERS:
            self.tell(chapter(world))
        # Freshly filled tables have no statistics yet, and the first calculations would take eight times as long.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        for year in (today.year - 2, today.year - 1, today.year):
            assessment.open_year(hr=accounts["hr"], manager=accounts["manager"], year=year)
            self.tell(f"{year}: scheme, targets, standings")
        assessment.draft_next(hr=accounts["hr"], year=today.year + 1)
        recognise_some(accounts["deputy"], today.year)
        work_a_day(accounts["officer"], accounts["manager"], today)
        for line in tell_years(world):
            if line:
                self.tell(line)

    def tell(self, text: str) -> None:
        self.stdout.write(f"  {time.monotonic() - self.started:5.1f} s  {text}")


def empty() -> None:
    """Empty the tables of the four apps; row triggers that forbid deletion do not see a truncation."""
    tables = [model._meta.db_table for app in OWN_APPS for model in apps.get_app_config(app).get_models()]
    tables += ["pghistory_context", "django_session", "django_admin_log"]
    quoted = ", ".join(connection.ops.quote_name(table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")
    for folder in ("documents", "inputs", "objections"):
        for path in Path(settings.MEDIA_ROOT).glob(f"{folder}/**/*.*"):
            path.unlink()


def open_house(today: date) -> dict[str, Account]:
    """The organisation, the roster and the log-ins; gives the named accounts of the cast."""
    administrator = Account.objects.create_superuser(
        "admin", DEMO_PASSWORD, display_name="系统管理员（演示）"
    )
    first_year = today.year - 2
    founded: dict[str, Team] = {}
    for position, plan in enumerate(TEAMS, start=1):
        founded[plan.code] = staff_actions.found_team(
            actor=administrator,
            code=plan.code,
            # One team got its present name half a year later, so that a past day shows another.
            name=f"{plan.name}（筹）" if plan.code == "GJ9" else plan.name,
            kind=plan.kind,
            founded_on=date(2021, 1, 1),
            parent=founded.get(plan.parent),
            fields=plan.fields,
            region=plan.region,
            position=position,
        )
    staff_actions.change_team(
        actor=administrator,
        team=founded["GJ9"],
        on=date(2021, 7, 1),
        reason="筹建结束（演示）",
        name=founded["GJ9"].name.removesuffix("（筹）"),
    )
    for grade in Grade:
        staff_actions.adopt_requirements(actor=administrator, grade=grade, holds_from=date(2021, 1, 1))
    import_people(administrator, first_year)
    tell_skills(administrator)
    cast = open_cast(administrator)
    tell_rounds(cast, today)
    tell_interviews(cast, today)
    return cast


def import_people(administrator: Account, first_year: int) -> None:
    """The roster goes through the same import as HR's workbook."""
    names = {plan.code: plan.name for plan in TEAMS}
    rows = [
        TableRow(
            line,
            dict(
                zip(
                    HEADINGS,
                    (
                        plan.staff_number,
                        plan.name,
                        str(plan.identity.label),
                        plan.home_unit,
                        "",
                        "",
                        plan.languages,
                        plan.joined_on.isoformat(),
                        names[plan.team],
                        str(plan.grade.label),
                        "是" if plan.is_leader else "否",
                        plan.starts_on.isoformat(),
                        "",
                        plan.staff_number.lower(),
                        str(Role.LEADER.label if plan.is_leader else Role.OFFICER.label),
                    ),
                    strict=True,
                )
            ),
        )
        for line, plan in enumerate(plan_people(first_year), start=2)
    ]
    preview = read_roster(administrator, Table(list(HEADINGS), rows))
    batch = staff_actions.keep_roster_import(
        actor=administrator, file_name="演示名册.xlsx", accepted=preview.accepted, rejected=preview.rejected
    )
    staff_actions.apply_roster_import(actor=administrator, batch=batch)
    Person.objects.update(is_demo=True)


def open_cast(administrator: Account) -> dict[str, Account]:
    """One log-in per role that a visitor can use; all have the demo password."""
    cast = {"admin": administrator}
    for key, username, name, role in CAST:
        account = Account.objects.filter(username=username).first()
        if account is None:
            account, _password = staff_actions.create_account(
                actor=administrator,
                username=username,
                role=role,
                display_name=name,
                person=staff_file(administrator, username, name)
                if role in (Role.MANAGER, Role.STAFF)
                else None,
                password=DEMO_PASSWORD,
            )
        cast[key] = account
    # Hashing is slow on purpose: one hash of the one demo password serves all of them.
    Account.objects.filter(pk__in=[account.pk for account in cast.values()]).update(
        password=administrator.password, must_change_password=False
    )
    return cast


def staff_file(administrator: Account, username: str, name: str) -> Person:
    """A person for a manager, who is named as reader of what he makes secret, and for one of the staff without a post."""
    return staff_actions.add_person(
        actor=administrator,
        staff_number=f"LD-{username}",
        name=name,
        joined_on=date(timezone.localdate().year - 3, 1, 1),
        is_demo=True,
    )


def begin_checklist(manager: Account) -> None:
    """The papers a house begins with: the migrations wrote them into a new one, `--reset` took them away."""
    if not listed_requirements().exists():
        project_actions.write_default_checklist(actor=manager)


def gather_cast(accounts: dict[str, Account]) -> Cast:
    """Officers by team; a liaison office works for its stationed team."""
    officers: dict[str, list[Any]] = {}
    posts = Appointment.objects.select_related("person__account", "team__parent").order_by(
        "person__staff_number"
    )
    for post in posts:
        ranked = post.team.parent if post.team.kind == "liaison" and post.team.parent else post.team
        officers.setdefault(ranked.code, []).append((post.person, post.person.account))
    teams = {team.code: team for team in teams_visible_to(accounts["admin"])}
    return Cast(officers, teams, (accounts["manager"], accounts["deputy"]), accounts["admin"])


def recognise_some(manager: Account, year: int) -> None:
    """Recognise what waits in every other team of the ranking, so that ranks move between the last two runs."""
    ranked = Standing.objects.filter(run=current_run(year), group="teams").order_by("rank")
    chosen = ranked.values_list("team", flat=True)[::2]
    waiting = achievements_visible_to(manager).filter(state="submitted", project__team__in=list(chosen))
    listed = list(waiting.select_related("project").order_by("happened_on", "pk"))
    checklists = checklists_of(listed)
    for achievement in listed:
        if achievement.submitted_by_id != manager.pk and not checklists[achievement.pk].missing:
            project_actions.recognise_achievement(actor=manager, achievement=achievement)


def work_a_day(officer: Account, manager: Account, today: date) -> None:
    """The officer of the cast works for a day: notes with next steps, and a start that is recognised at once."""
    projects = list(projects_visible_to(officer).filter(owner=officer.person, status="active").order_by("pk"))
    steps = (
        ("高层会见，一页纸已备好", today),
        ("催供电公司答复外线接入方案", today),
        ("回访增资意向", today + timedelta(1)),
    )
    for project, (step, day) in zip(projects, steps, strict=False):
        project_actions.write_follow_up(
            actor=officer,
            project=project,
            kind="visit",
            text="走访企业，核对建设时序和设备进场计划。",
            next_step=step,
            next_step_on=day,
        )
    registered = [project for project in projects if project.stage == "registered"]
    ready = next((each for each in registered if _may_start(each, today)), None)
    if ready is None:
        return
    evidence = SimpleUploadedFile("施工许可证.pdf", paper("started", ready.pk, today, 0), "application/pdf")
    project_actions.advance_project(
        actor=officer, project=ready, to="started", milestone={"happened_on": today, "evidence": [evidence]}
    )
    reported = achievements_visible_to(manager).get(project=ready, kind="started", state="submitted")
    project_actions.recognise_achievement(actor=manager, achievement=reported)


def _may_start(project: Project, today: date) -> bool:
    """Whether the start can be reported and recognised today: the registration stands, and no gate is open for either."""
    registrations = set(project.achievements.filter(kind="registered").values_list("state", flat=True))
    return registrations == {"recognised"} and not any(
        missing_gates(project, "started", today, moving=moving) for moving in (True, False)
    )

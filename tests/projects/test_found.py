"""Searches ask the visible set in other words and read what they find once: the answers are those of the plain set."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Count, Q, Sum
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone

from kpi.queries.dashboard import Scope
from projects.access import (
    achievements_visible_to,
    companies_visible_to,
    count_companies_visible_to,
    parts_counted_for,
    parts_found_by,
    projects_found_by,
    projects_visible_to,
    youngest_found_by,
)
from projects.filters.project import ProjectFilter
from projects.models import Achievement, Company, FirstReception, Project, ProjectReader
from projects.queries.company_name import company_named, project_named, project_of_company_named
from projects.queries.drawn import drawn_projects
from projects.views.project_list import LAYOUT
from promotion.web.lists import ListPage
from staff.models import Account, Delegation, Role, Team
from tests.factories.projects import make_achievement, make_company, make_project, make_recognised, make_share
from tests.factories.staff import make_account, make_team

NAMES = ("动力电池", "池电示例", "ABB Drives", "储能电池二期", "安徽某厂")


@pytest.fixture
def readers(
    officer: Account, colleague: Account, leader: Account, outsider: Account, manager: Account,
    hr: Account, auditor: Account, administrator: Account, first_team: Team,
) -> dict[str, Account]:  # fmt: skip
    """One of each role, somebody stationed in an office below the first team, and systems and people without a post."""
    office, today = make_team(code="GJ1-A", name="驻点办", parent=first_team), timezone.localdate()
    standing_in = make_account(Role.OFFICER, team=make_team())
    Delegation.objects.create(
        principal=outsider.person, delegate=standing_in.person, starts_on=today, ends_on=today + timedelta(1),
        reason="出差", made_by=manager,
    )  # fmt: skip
    return {
        "officer": officer, "colleague": colleague, "leader": leader, "outsider": outsider, "manager": manager,
        "hr": hr, "auditor": auditor, "administrator": administrator,
        "stationed": make_account(Role.OFFICER, team=office), "without a post": make_account(Role.OFFICER),
        "system": make_account(Role.API_CLIENT), "standing in": standing_in,
    }  # fmt: skip


@pytest.fixture
def zone(readers: dict[str, Account]) -> dict[str, Account]:
    """Projects of three teams, every fifth secret, shared and read by all over each other, before, on and after today."""
    today = timezone.localdate()
    owners = [readers[name] for name in ("officer", "outsider", "stationed", "colleague")]
    others = itertools.cycle(
        [readers[name] for name in ("outsider", "officer", "stationed", "leader", "without a post")]
    )
    spans = itertools.cycle([(-9, None), (-9, 9), (-9, 0), (0, 1), (1, None), (-9, -1)])
    for n in range(48):
        owner, other = owners[n % 4], next(others)
        assert other.person is not None
        twin = make_company(
            owner, name=f"{NAMES[n % 5]}第{n}公司", other_readings="abcd" if n % 7 == 0 else ""
        )
        secret = {"is_secret": True, "code_name": f"青峰{n}"} if n % 5 == 0 else {}
        status = "lost" if n % 6 == 0 else "active"
        project = make_project(
            owner, company=twin, name=f"{NAMES[n * 3 % 5]}{n}", status=status, stage=("lead", "signed")[n % 2],
            planned_investment=None if n % 9 == 0 else n % 4 * 1_000, **secret,
        )  # fmt: skip
        if n % 3 == 0:
            make_share(project, other.person)
        else:
            begin, end = next(spans)
            ProjectReader.objects.create(
                project=project, person=other.person, granted_by=owner, reason="联审",
                reads_from=today + timedelta(begin), reads_until=None if end is None else today + timedelta(end),
            )  # fmt: skip
        lonely = make_company(owners[n % 3], name=f"{NAMES[n % 5]}单独第{n}公司")
        if n % 4 == 0:
            assert owner.person is not None
            make_reception(lonely, owner)
        if n % 6 == 1:
            Company.objects.filter(pk=lonely.pk).update(merged_into=twin)
    return readers


def make_reception(company: Company, owner: Account) -> None:
    assert owner.person is not None
    team = owner.person.appointments.get(ends_on=None).team
    FirstReception.objects.create(
        company=company, person=owner.person, team=team, protected_until=timezone.localdate()
    )


TEXTS = ("电池", "池", "示例电", "abb", "dianchi", "dldc", "an", "abcd", "bcd", "公司", "没有")


def test_what_is_found_is_what_is_seen(zone: dict[str, Account]) -> None:
    for name, account in zone.items():
        seen = projects_visible_to(account)
        assert set(projects_found_by(account)) == set(seen), name
        for text in TEXTS:
            found = projects_found_by(account).filter(project_named(text))
            assert set(found) == set(seen.filter(project_named(text))), (name, text)
    assert len({projects_found_by(account).count() for account in zone.values()}) > 5


def test_what_one_sees_as_a_person_goes_into_the_statement_as_values(zone: dict[str, Account]) -> None:
    """An array that the database finds itself is compared with each row entry by entry."""
    statement, values = projects_found_by(zone["leader"]).query.sql_with_params()
    assert "SELECT" not in statement.removeprefix("SELECT")
    assert all(str(value).startswith("{") for value in values)


def test_the_companies_found_are_the_youngest_of_those_seen(zone: dict[str, Account]) -> None:
    for (name, account), text, most in itertools.product(zone.items(), TEXTS, (3, 200)):
        found = youngest_found_by(account, company_named(text), project_of_company_named(text), most)
        seen = companies_visible_to(account).filter(company_named(text)).order_by("-pk")
        assert list(found) == list(seen[:most]), (name, text)


def test_a_project_is_named_as_the_sum_of_what_each_column_says(zone: dict[str, Account]) -> None:
    for text in TEXTS:
        parts = [Q(grams__contains=grams(text)), Q(company_grams__contains=grams(text))]
        if text.isascii():
            begins = ("pinyin__startswith", "initials__contains")
            parts += [Q((f"{place}{key}", text)) for place in ("", "company_") for key in begins]
        if text.isascii() and len(text) >= 3:
            parts.append(Q(company_readings__contains=text))
        if text.isascii() and len(text) >= 4:
            parts += [Q(pinyin__contains=text), Q(company_pinyin__contains=text)]
        wanted = {pk for part in parts for pk in Project.objects.filter(part).values_list("pk", flat=True)}
        assert set(Project.objects.filter(project_named(text)).values_list("pk", flat=True)) == wanted, text


def grams(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)] or [text]


def test_the_parts_of_what_is_seen_have_nothing_in_common_and_nothing_is_missing(
    zone: dict[str, Account],
) -> None:
    everything = set(Project.objects.all())
    for name, account in zone.items():
        seen = sorted(project.pk for project in projects_visible_to(account))
        assert sorted(project.pk for part in parts_found_by(account) for project in part) == seen, name
        counted = sorted(project.pk for part in parts_counted_for(account) for project in part)
        overseer = account.role not in (Role.OFFICER, Role.LEADER)
        assert counted == (sorted(one.pk for one in everything) if overseer else seen), name
        assert count_companies_visible_to(account) == companies_visible_to(account).count(), name


def test_achievements_are_seen_with_their_projects_and_ones_own_besides(zone: dict[str, Account]) -> None:
    submitters = itertools.cycle([zone[name] for name in ("officer", "outsider", "stationed")])
    for project in Project.objects.all():
        make_achievement(project, next(submitters))
    for account in (zone["officer"], zone["outsider"]):
        make_achievement(None, account, kind="win", person=account.person, title="获奖")
    for name, account in zone.items():
        listed = achievements_visible_to(account)
        plain = Q(submitted_by=account) | Q(person=account.person_id, project=None)
        plain |= Q(project__in=projects_visible_to(account).values("pk"))
        if account.role in (Role.OFFICER, Role.LEADER):
            secret = Project.objects.filter(is_secret=True).exclude(pk__in=projects_visible_to(account))
            assert set(listed) == set(Achievement.objects.filter(plain).exclude(project__in=secret)), name


def test_the_dashboard_counts_the_parts_as_one(
    zone: dict[str, Account], first_team: Team, manager: Account
) -> None:
    today = timezone.localdate()
    for project in Project.objects.all()[::2]:
        make_recognised(project, zone["officer"], manager, happened_on=today)
    for (name, account), team in itertools.product(zone.items(), (None, first_team)):
        scope = Scope(account, team, today.year, today)
        counted = account.role not in (Role.OFFICER, Role.LEADER)
        seen = Project.objects.all() if counted else projects_visible_to(account)
        if team is not None:
            seen = seen.filter(Q(team=team) | Q(team__parent=team))
        whole = seen.aggregate(count=Count("pk"), amount=Sum("planned_investment"))
        assert sum(row["count"] for row in scope.stock) == whole["count"], name
        assert sum(row["amount"] for row in scope.stock) == (whole["amount"] or 0), name
        recognised = Achievement.objects.filter(state="recognised", project__in=seen.values("pk"))
        assert sum(row["count"] for row in scope.recognised) == recognised.count(), name


QUERIES = ("q=电池", "q=dianchi&sort=name", "q=公司&sort=-team", "q=没有", "q=池&stage=lead")
PAGES = ("", "1", "2", "99", "-1", "0", "x", "9" * 30)


def test_totals_and_keys_read_at_once_are_those_read_apart(
    zone: dict[str, Account], django_assert_num_queries: Callable[..., Any]
) -> None:
    for name, query, number in itertools.product(("officer", "leader", "manager", "auditor"), QUERIES, PAGES):
        asked = f"{query}&page={number}"
        at_once, apart = (listing(zone[name], asked, once) for once in (True, False))
        assert at_once.figures == apart.figures, (name, asked)
        assert [row.pk for row in at_once.page] == [row.pk for row in apart.page], (name, asked)
        assert at_once.page.number == apart.page.number
        seen = projects_visible_to(zone[name]).filter(status="active", pk__in=apart.filtered.values("pk"))
        total = seen.aggregate(total_rows=Count("pk"), total_investment=Sum("planned_investment"))
        assert at_once.figures == total
    again = listing(zone["manager"], "q=公司", once=True)
    with django_assert_num_queries(2):
        assert again.total_count > 10
        assert len(list(again.page)) == 10


def listing(account: Account, query: str, once: bool) -> ListPage:
    request = RequestFactory().get("/projects/list/")
    request.GET, request.user = QueryDict(query), account
    return ListPage(
        request, projects_found_by(account), LAYOUT, row_url=str, default_sort="-investment", filterset=ProjectFilter,
        reading=drawn_projects, page_size=10, search_at_once=once,
    )  # fmt: skip

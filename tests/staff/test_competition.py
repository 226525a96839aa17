"""Rounds: written by HR, announced by a second person, whole before they are, cancelled with a reason."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from promotion.errors import NotAllowed, Refused
from promotion.models import AuditEntry, Notice, SavedView
from staff.access.competition import competitions_visible_to
from staff.actions.competition import (
    CriterionLine,
    PostLine,
    announce_competition,
    cancel_competition,
    change_competition,
    draft_competition,
)
from staff.models import Account, Competition, Role, Team
from tests.factories.competition import make_requirement
from tests.factories.staff import make_account

pytestmark = pytest.mark.django_db
CRITERIA = (CriterionLine("谈判", Decimal("33.33")), CriterionLine("产业", Decimal("66.67")))


def terms(**changes: Any) -> dict[str, Any]:
    now = timezone.now()
    return {
        "name": "全岗竞聘",
        "notice": "面向管委会全体工作人员",
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=5),
        "requirements_on": timezone.localdate(),
        "appoint_on": timezone.localdate() + timedelta(days=30),
        **changes,
    }


@pytest.fixture
def draft(hr: Account, first_team: Team) -> Competition:
    make_requirement()
    return draft_competition(
        actor=hr, terms=terms(), posts=[PostLine(first_team, "second", seats=2)], criteria=CRITERIA
    )


def test_a_round_is_announced_by_a_second_person_and_everybody_is_told(
    draft: Competition, hr: Account, manager: Account, officer: Account
) -> None:
    with pytest.raises(NotAllowed, match="起草人不能公布"):
        announce_competition(actor=hr, competition=draft)
    assert not competitions_visible_to(officer).exists()

    announced = announce_competition(actor=manager, competition=draft)

    assert (announced.state, announced.announced_by) == ("announced", manager)
    assert competitions_visible_to(officer).get() == announced
    assert Notice.objects.filter(recipient=officer, text__contains="全岗竞聘").count() == 1
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["competition.draft", "competition.announce"]


def test_weights_must_be_exactly_a_hundred(hr: Account, draft: Competition, first_team: Team) -> None:
    off = (CriterionLine("谈判", Decimal("33.33")), CriterionLine("产业", Decimal("66.66")))

    with pytest.raises(Refused, match=r"99\.99"):
        change_competition(
            actor=hr, competition=draft, terms={}, posts=[PostLine(first_team, "second")], criteria=off
        )

    assert [each.weight for each in draft.criteria.all()] == [Decimal("33.33"), Decimal("66.67")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes_at": timezone.now() - timedelta(days=9)}, "报名截止要晚于报名开始"),
        ({"appoint_on": timezone.localdate()}, "聘任日期要晚于报名截止"),
        ({"trim": 1, "least_judges": 2}, "至少要剩一位评委"),
        ({"notice": " "}, "名称和公告"),
    ],
)
def test_terms_that_cannot_be_are_refused(hr: Account, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        draft_competition(actor=hr, terms=terms(**changes))


def test_a_round_without_posts_or_requirements_is_not_announced(
    hr: Account, manager: Account, first_team: Team
) -> None:
    empty = draft_competition(actor=hr, terms=terms(), criteria=CRITERIA)
    with pytest.raises(Refused, match="还没有岗位"):
        announce_competition(actor=manager, competition=empty)
    change_competition(
        actor=hr, competition=empty, terms={}, posts=[PostLine(first_team, "senior")], criteria=CRITERIA
    )
    with pytest.raises(Refused, match="没有施行中的任职条件：高级招商专员"):
        announce_competition(actor=manager, competition=empty)


def test_an_announced_round_keeps_its_terms(hr: Account, manager: Account, draft: Competition) -> None:
    announce_competition(actor=manager, competition=draft)

    with pytest.raises(Refused, match="不能再改"):
        change_competition(actor=hr, competition=draft, terms={}, posts=[], criteria=CRITERIA)


def test_a_cancelled_round_says_why(hr: Account, draft: Competition, officer: Account) -> None:
    with pytest.raises(Refused):
        cancel_competition(actor=hr, competition=draft, reason=" ")
    with pytest.raises(NotAllowed):
        draft_competition(actor=officer, terms=terms())

    cancelled = cancel_competition(actor=hr, competition=draft, reason="方案要重报")

    assert (cancelled.state, cancelled.cancel_reason) == ("cancelled", "方案要重报")
    assert not competitions_visible_to(officer).exists()


def test_pages_write_announce_and_show_a_round(
    client_as: Callable[[Account], Client], hr: Account, manager: Account, officer: Account, first_team: Team
) -> None:
    make_requirement()
    now = timezone.localtime()
    posted = {
        "name": "秋季竞聘", "body_name": "centre", "notice": "公告", "opens_at": (now - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"), "requirements_on": now.date(),
        "appoint_on": now.date() + timedelta(days=30), "term_months": 36, "trim": 1, "least_judges": 5, "pass_mark": 60,
        "publicity_days": 5, "replaces_all": "on",
        "posts-TOTAL_FORMS": 1, "posts-INITIAL_FORMS": 0, "posts-0-team": first_team.code, "posts-0-grade": "second",
        "posts-0-seats": 2, "posts-0-language": "日语",
        "criteria-TOTAL_FORMS": 1, "criteria-INITIAL_FORMS": 0, "criteria-0-name": "谈判", "criteria-0-weight": 99,
    }  # fmt: skip
    browser = client_as(hr)
    refused = browser.post("/teams/competitions/new/", posted)
    assert (refused.status_code, "正好是 100%" in refused.content.decode()) == (422, True)

    written = browser.post("/teams/competitions/new/", posted | {"criteria-0-weight": 100}, follow=True)

    assert "等另一位人事或分管领导公布" in written.content.decode()
    competition = Competition.objects.get()
    client_as(manager).post(f"/teams/competitions/{competition.public_id}/announce/")
    shown = client_as(officer).get(f"/teams/competitions/{competition.public_id}/").content.decode()
    assert "不限编制、身份、年龄和资历" in shown
    assert "日语" in shown


def test_the_list_counts_rounds_in_constant_queries(
    client_as: Callable[[Account], Client], hr: Account, django_assert_max_num_queries: Any
) -> None:
    browser = client_as(hr)
    for _each in range(3):
        draft_competition(actor=hr, terms=terms())
    browser.get("/teams/competitions/")

    with django_assert_max_num_queries(12):
        listed = browser.get("/teams/competitions/")

    assert listed.content.decode().count("全岗竞聘") >= 3


def test_the_api_writes_and_announces(
    client_as: Callable[[Account], Client], hr: Account, manager: Account, first_team: Team
) -> None:
    make_requirement()
    given = {
        **{name: str(value) for name, value in terms().items()},
        "posts": [{"team": first_team.code, "grade": "second", "seats": 2}],
        "criteria": [{"name": "谈判", "weight": "100"}],
    }
    made = client_as(hr).post("/api/competitions/", given, "application/json")
    assert made.status_code == 201, made.content
    address = f"/api/competitions/{made.json()['public_id']}/announce/"

    statuses = [
        client_as(account).post(address, {}, "application/json").status_code for account in (hr, manager)
    ]

    assert statuses == [403, 200]
    assert Competition.objects.get().state == "announced"


def test_staff_without_a_post_open_rounds_and_nothing_of_projects_or_scores(
    client_as: Callable[[Account], Client], draft: Competition, manager: Account
) -> None:
    announce_competition(actor=manager, competition=draft)
    SavedView.objects.create(
        owner=manager, name="停滞的重特大项目", url_name="projects:list", audience="everyone"
    )
    browser = client_as(make_account(Role.STAFF))

    answers = {
        path: browser.get(path).status_code
        for path in (
            "/",
            "/teams/competitions/",
            "/projects/",
            "/companies/",
            "/score/",
            "/teams/people/",
            "/search/?q=x",
        )
    }

    assert answers == {
        "/": 302,
        "/teams/competitions/": 200,
        "/projects/": 403,
        "/companies/": 403,
        "/score/": 403,
        "/teams/people/": 403,
        "/search/?q=x": 403,
    }
    assert browser.get("/api/projects/").status_code == 403
    assert browser.get("/api/competitions/").status_code == 200
    rail = browser.get("/teams/competitions/").content.decode()
    assert 'href="/projects/' not in rail
    assert "停滞的重特大项目" not in rail
    assert "停滞的重特大项目" in client_as(manager).get("/teams/competitions/").content.decode()

"""A round that was held before the product, kept whole with its scores and the posts that came of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from promotion.errors import NotAllowed, Refused
from staff.actions.competition import CriterionLine, PostLine
from staff.actions.interview import plan_session
from staff.actions.panel import set_panel
from staff.actions.round_history import PastCandidate, PastSession, keep_applied_round, keep_past_round
from staff.models import Account, Placement, Role, Score
from staff.queries.ranking import ranking_of
from tests.factories.competition import make_requirement
from tests.factories.staff import make_account, make_appointment, make_person, make_team

pytestmark = pytest.mark.django_db


def test_a_past_round_is_kept_with_ranking_and_posts(hr: Account, manager: Account) -> None:
    make_requirement()
    team, now = make_team(), timezone.now()
    post = make_appointment(make_person(), team, grade="second")
    judges = [make_account(Role.MANAGER) for _each in range(3)]
    points = tuple((Decimal(each),) for each in (80, 90, 85))
    heard = (
        PastCandidate(post.person, (0,), points, post, "外联五年"),
        PastCandidate(make_person(), (0,), tuple((Decimal(60),) for _each in judges), None, "愿意"),
    )
    given = {
        "announcer": manager,
        "terms": {
            "name": "往年竞聘",
            "notice": "全岗竞聘",
            "opens_at": now - timedelta(days=90),
            "closes_at": now - timedelta(days=80),
            "requirements_on": (now - timedelta(days=90)).date(),
            "appoint_on": (now - timedelta(days=20)).date(),
            "trim": 1,
            "least_judges": 3,
        },
        "posts": [PostLine(team, "second")],
        "criteria": [CriterionLine("谈判", Decimal(100))],
        "judges": judges,
        "sessions": [PastSession("一号会议室", now - timedelta(days=70), heard)],
    }
    with pytest.raises(NotAllowed):
        keep_past_round(actor=manager, **given)

    competition = keep_past_round(actor=hr, **given)

    places = ranking_of(hr, competition)
    assert [(each.application.person, each.rank, each.mark) for each in places] == [
        (post.person, 1, Decimal("85.00")),
        (heard[1].person, 2, Decimal("60.00")),
    ]
    assert Placement.objects.get().appointment == post
    assert [claim.met for claim in places[0].application.claims.all()] == [True]
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.update(points=1)


def test_a_round_that_was_applied_for_elsewhere_is_interviewed_here(hr: Account, manager: Account) -> None:
    make_requirement()
    now = timezone.now()
    person = make_person()
    given = {
        "announcer": manager,
        "terms": {
            "name": "一线岗位竞聘",
            "notice": "公告",
            "opens_at": now - timedelta(days=20),
            "closes_at": now - timedelta(days=9),
            "requirements_on": (now - timedelta(days=20)).date(),
            "appoint_on": (now + timedelta(days=20)).date(),
            "trim": 0,
            "least_judges": 1,
        },
        "posts": [PostLine(make_team(), "second")],
        "criteria": [CriterionLine("谈判", Decimal(100))],
        "candidates": [PastCandidate(person, (0,), says="愿意")],
    }
    with pytest.raises(NotAllowed):
        keep_applied_round(actor=manager, **given)
    still_open = {**given, "terms": {**given["terms"], "closes_at": now + timedelta(days=1)}}  # type: ignore[dict-item]
    with pytest.raises(Refused, match="还没有截止"):
        keep_applied_round(actor=hr, **still_open)

    competition = keep_applied_round(actor=hr, **given)

    application = competition.applications.get()
    panel = set_panel(actor=hr, competition=competition, chair=manager, members=[])
    session = plan_session(
        actor=hr,
        competition=competition,
        room="一号会议室",
        starts_at=now,
        minutes=20,
        judges=panel,
        applications=[application],
    )
    assert (application.person, application.state) == (person, "eligible")
    assert session.interviews.count() == 1

"""Rounds of competition for tests."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from staff.models import (
    Account,
    Application,
    ApplicationChoice,
    Competition,
    CompetitionCriterion,
    CompetitionPost,
    Grade,
    GradeRequirement,
    Interview,
    InterviewSession,
    Panelist,
    RequirementClaim,
    Role,
    SessionJudge,
    Team,
)
from tests.factories.staff import make_account, make_person, make_team


def make_competition(by: Account | None = None, **fields: Any) -> Competition:
    """An announced round whose window is open, with one criterion of 100 % and no post."""
    now = timezone.now()
    count = Competition.objects.count() + 1
    made = Competition.objects.create(
        **{
            "number": f"JP-2026-{count:02}",
            "name": f"第{count}次竞聘",
            "notice": "面向全体",
            "opens_at": now - timedelta(days=1),
            "closes_at": now + timedelta(days=1),
            "requirements_on": timezone.localdate(),
            "appoint_on": timezone.localdate() + timedelta(days=40),
            "trim": 0,
            "least_judges": 1,
            "state": "announced",
            "created_by": by or make_account(Role.HR),
            **fields,
        }
    )
    CompetitionCriterion.objects.create(competition=made, position=1, name="谈判", weight=Decimal(60))
    CompetitionCriterion.objects.create(competition=made, position=2, name="产业", weight=Decimal(40))
    return made


def make_post(competition: Competition, team: Team | None = None, **fields: Any) -> CompetitionPost:
    return CompetitionPost.objects.create(
        **{
            "competition": competition,
            "team": team or make_team(),
            "grade": Grade.SECOND,
            "position": competition.posts.count() + 1,
            **fields,
        }
    )


def make_requirement(grade: str = Grade.SECOND, text: str = "沟通能力", **fields: Any) -> GradeRequirement:
    return GradeRequirement.objects.create(
        **{"grade": grade, "text": text, "position": 1, "holds_from": "2021-01-01", **fields}
    )


def make_application(
    competition: Competition,
    *posts: CompetitionPost,
    person: Any = None,
    state: str = "eligible",
    **fields: Any,
) -> Application:
    """An application that wants these posts in this order."""
    made = Application.objects.create(
        competition=competition,
        person=person or make_person(),
        state=state,
        statement="愿意",
        reason="不符合" if state in ("returned", "ineligible") else "",
        **fields,
    )
    for rank, post in enumerate(posts, start=1):
        ApplicationChoice.objects.create(application=made, post=post, rank=rank)
    return made


def make_claim(application: Application, text: str = "沟通能力", **fields: Any) -> RequirementClaim:
    return RequirementClaim.objects.create(
        **{"application": application, "text": text, "position": 1, "words": "五年外联", **fields}
    )


def make_judges(competition: Competition, count: int = 1) -> list[Account]:
    """A panel of so many accounts, the first as chair."""
    accounts = [make_account(Role.MANAGER) for _each in range(count)]
    for place, account in enumerate(accounts):
        Panelist.objects.create(competition=competition, account=account, is_chair=place == 0)
    return accounts


def make_session(
    competition: Competition,
    judges: list[Account],
    *applications: Application,
    room: str = "一号会议室",
    **fields: Any,
) -> InterviewSession:
    """A planned session that starts now, with the applications in this order."""
    starts_at = fields.pop("starts_at", timezone.now())
    length = timedelta(minutes=20)
    session = InterviewSession.objects.create(
        competition=competition,
        room=room,
        starts_at=starts_at,
        ends_at=starts_at + length * max(len(applications), 1),
        **fields,
    )
    for account in judges:
        SessionJudge.objects.create(
            session=session,
            panelist=competition.panel.get(account=account),
            account=account,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
        )
    for place, application in enumerate(applications):
        Interview.objects.create(
            session=session,
            application=application,
            person=application.person,
            position=place + 1,
            starts_at=starts_at + length * place,
            ends_at=starts_at + length * (place + 1),
        )
    return session

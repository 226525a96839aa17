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
    RequirementClaim,
    Role,
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

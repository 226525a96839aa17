"""Companies, projects, achievements and shares for tests."""

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from projects.models import Achievement, AchievementKind, Company, CreditRole, CreditShare, Industry, Project
from projects.shares import by_role
from projects.workflow import Stage
from staff.models import Account, Person

_number = itertools.count(1)


def make_company(created_by: Account, **fields: Any) -> Company:
    n = next(_number)
    return Company.objects.create(**{"name": f"示例企业{n}有限公司", "created_by": created_by, **fields})


def make_project(owner: Account, **fields: Any) -> Project:
    """A project of the owner's person, in the team that `team` names or the person is appointed to."""
    n = next(_number)
    person = owner.person
    assert person is not None
    team = fields.pop("team", None) or person.appointments.get(ends_on=None).team
    company = fields.pop("company", None) or make_company(owner)
    return Project.objects.create(
        **{
            "code": f"XM-2026-{n:04}",
            "name": f"示例项目{n}",
            "company": company,
            "owner": person,
            "team": team,
            "channel": "stationed",
            "industry": Industry.NEW_ENERGY,
            "stage": Stage.LEAD,
            "stage_since": date(2026, 1, 5),
            "planned_investment": Decimal(100_000_000),
            "reported_on": date(2026, 1, 5),
            "progressed_on": date(2026, 1, 5),
            "created_by": owner,
            **fields,
        }
    )


def make_share(project: Project, person: Person, percent: int = 100, **fields: Any) -> CreditShare:
    """A part of the project; roles weigh what their members get, so that the shares of a role total 100 %.

    The rows of one day are one settlement; those of a project have to total 100 on each day when the test ends.
    """
    settled = CreditShare.objects.filter(project=project)
    day = fields.get("holds_from", project.reported_on)
    days = sorted({*settled.values_list("holds_from", flat=True), day})
    share = CreditShare.objects.create(
        **{
            "project": project,
            "person": person,
            "percent": Decimal(percent),
            "weight": Decimal(percent),
            "share": Decimal(100),
            "role": CreditRole.INTRODUCTION,
            "settlement": days.index(day) + 1,
            "holds_from": day,
            **fields,
        }
    )
    same = list(
        CreditShare.objects.filter(project=project, role=share.role, holds_from=share.holds_from).order_by(
            "pk"
        )
    )
    weights, members = by_role([(one.pk, one.role, one.percent) for one in same])
    for pk, role, part in members:
        CreditShare.objects.filter(pk=pk).update(weight=weights[role], share=part)
    share.refresh_from_db()
    return share


def make_achievement(project: Project | None, submitted_by: Account, **fields: Any) -> Achievement:
    return Achievement.objects.create(
        **{
            "project": project,
            "submitted_by": submitted_by,
            "kind": AchievementKind.SIGNED,
            "happened_on": date(2026, 3, 1),
            "amount": Decimal(100_000_000),
            "amount_cny": Decimal(100_000_000),
            **fields,
        }
    )


def make_recognised(
    project: Project | None, submitted_by: Account, decided_by: Account, **fields: Any
) -> Achievement:
    """An achievement that a second person has recognised in full."""
    amount = fields.get("amount_cny", Decimal(100_000_000))
    return make_achievement(
        project,
        submitted_by,
        **{
            "state": "recognised",
            "decided_by": decided_by,
            "recognised_on": date(2026, 3, 10),
            "recognised_amount": fields.get("amount", amount),
            "recognised_cny": amount,
            **fields,
        },
    )

"""Recognised key projects with bonuses for tests."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.actions.bonus import open_bonus
from kpi.actions.bonus_plan import approve_plan, confirm_share, propose_plan, submit_plan
from kpi.actions.bonus_rate import settle_bonus_rate
from kpi.models import BonusPlan, BonusRate, TeamBonus
from projects.models import KeyProjectRecognition
from staff.models import Account
from tests.factories.projects import make_project, make_recognised

DAY = date(2026, 3, 20)
PHASES = (("registered", Decimal(40)), ("started", Decimal(30)), ("produced", Decimal(30)))


def make_rate(manager: Account, **fields: Any) -> BonusRate:
    """A fixed 100 000.01 元 a bonus, paid 40 / 30 / 30."""
    return settle_bonus_rate(
        actor=manager,
        **{
            "project_class": "major",
            "measure": "fixed",
            "amount": Decimal("100000.01"),
            "phases": PHASES,
            "holds_from": date(2026, 1, 1),
            **fields,
        },
    )


def make_key_project(owner: Account, manager: Account, **fields: Any) -> KeyProjectRecognition:
    """A project signed for 1 亿元 and recognised as 重大 by exception."""
    project = make_project(owner, stage="signed", project_class="major")
    make_recognised(project, owner, manager)
    return KeyProjectRecognition.objects.create(
        **{
            "project": project,
            "project_class": "major",
            "state": "recognised",
            "submitted_by": owner,
            "decided_by": manager,
            "decision_note": "例外认定",
            "recognised_on": DAY,
            "measured_on": DAY,
            "class_before": "ordinary",
            **fields,
        }
    )


def make_bonus(owner: Account, manager: Account, hr: Account) -> TeamBonus:
    """A bonus without a plan."""
    if not BonusRate.objects.exists():
        make_rate(manager)
    return open_bonus(actor=hr, recognition=make_key_project(owner, manager))


def make_plan(leader: Account, bonus: TeamBonus, shares: Sequence[tuple[Account, str]]) -> BonusPlan:
    """A plan that waits for its members."""
    told = [(account.person, Decimal(percent)) for account, percent in shares]
    return propose_plan(actor=leader, bonus=bonus, shares=told)  # type: ignore[arg-type]


def approve(
    leader: Account, manager: Account, bonus: TeamBonus, shares: Sequence[tuple[Account, str]]
) -> BonusPlan:
    """A plan that everybody confirmed and a manager approved."""
    plan = make_plan(leader, bonus, shares)
    for share in plan.shares.exclude(answer="confirmed"):
        account = next(account for account, _percent in shares if account.person_id == share.person_id)
        confirm_share(actor=account, share=share)
    submit_plan(actor=leader, bonus=bonus)
    return approve_plan(actor=manager, bonus=bonus)

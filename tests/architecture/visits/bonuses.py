"""A recognised key project that waits for its bonus, a bonus with a plan of the visited officer, and a standard."""

from datetime import date
from types import SimpleNamespace

from kpi.models import BonusPart, BonusPlan, BonusShare, TeamBonus
from projects.models import Project
from staff.models import Account
from tests.factories.bonus import make_key_project, make_rate


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    rate = make_rate(manager)
    held = make_key_project(officer, manager)
    bonus = TeamBonus.objects.create(
        project=held.project,
        recognition=held,
        team=held.project.team,
        year=2026,
        rate=rate,
        base=1,
        computed=100,
        pool=100,
        opened_by=manager,
    )
    phase = bonus.phases.create(position=1, milestone="signed", percent=100)
    plan = BonusPlan.objects.create(bonus=bonus, number=1, whole=100, proposed_by=manager)
    share = BonusShare.objects.create(plan=plan, person=officer.person, percent=100, amount=100)
    BonusPart.objects.create(share=share, phase=phase, amount=100)
    asked = SimpleNamespace(public_id=bonus.public_id, pk=share.pk)
    waiting = make_key_project(officer, manager, recognised_on=date(2026, 4, 1))
    names = (
        "bonus",
        "bonus-pool",
        "bonus-end",
        "bonus-plan",
        "bonus-submit",
        "bonus-approve",
        "bonus-return",
        "bonus-paper",
    )
    return {
        **{f"kpi:{name}": bonus for name in (*names, "bonus-follow", "bonus-pay")},
        **{f"kpi:bonus-{step}": asked for step in ("confirm", "object", "reply", "record")},
        "kpi:bonus-open": waiting,
        "kpi:bonus-rate-end": rate,
        "kpi:project-bonus": project,
    }

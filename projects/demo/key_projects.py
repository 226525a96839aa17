"""Key projects in the demo: the suggested table, recognitions of the past two years, a request, one sent back, one revoked."""

from datetime import date, timedelta

from projects.access.key_project import has_part
from projects.actions.key_project import (
    recognise_key_project,
    recognise_proposed,
    return_key_project,
    revoke_key_project,
    submit_key_project,
)
from projects.actions.key_threshold import adopt_key_thresholds
from projects.demo.world import World
from projects.models import Achievement, KeyProjectRecognition, Project
from projects.queries.key_project import proposals
from projects.workflow import Status
from promotion.errors import Refused
from staff.models import Account

# How many of those that meet the table stay proposals, so that there is something to decide.
LEFT = 6


def tell(world: World) -> str:
    """Recognise most of what met the table, each some days after its signing was recognised, as of that day."""
    manager, deputy = world.accounts["manager"], world.accounts["deputy"]
    adopt_key_thresholds(actor=manager, holds_from=date(world.today.year - 3, 1, 1))
    found = proposals(manager, world.today).filter(is_secret=False).select_related("owner__account")
    listed = list(found.order_by("stage_since", "pk"))
    recognised = sum(
        _recognised(world, project, (manager, deputy)[place % 2])
        for place, project in enumerate(listed[:-LEFT])
    )
    asked = _asked(world, listed[-LEFT:])
    _exceptions(world)
    return f"{recognised} key projects recognised, {asked} asked for, {LEFT - asked} proposed"


def _recognised(world: World, project: Project, decider: Account) -> bool:
    """By the table, on the first day on which it was met and a little later."""
    days = Achievement.objects.filter(
        project=project, state="recognised", kind__in=("signed", "registered", "paid_in")
    )
    last = max(
        (day for day in days.values_list("recognised_on", flat=True) if day is not None), default=world.today
    )
    day = min(last + timedelta(12), world.today)
    if has_part(decider, project):
        return False
    size = project.reached  # type: ignore[attr-defined]
    try:
        recognise_proposed(actor=decider, project=project, project_class=size, on=day)
    except Refused:
        return False
    return True


def _asked(world: World, projects: list[Project]) -> int:
    """Two are asked for by their officers, one of them sent back; the others are left as proposals."""
    asked = 0
    for place, project in enumerate(projects[:2]):
        account = getattr(project.owner, "account", None)
        if account is None:
            continue
        row = submit_key_project(
            actor=account,
            project=project,
            project_class=project.reached,  # type: ignore[attr-defined]
            reason="合同已生效，金额达到认定标准。",
        )
        asked += 1
        if place == 1:
            return_key_project(
                actor=world.accounts["deputy"], recognition=row, reason="请补充投资方的出资安排后再报。"
            )
    return asked


def _exceptions(world: World) -> None:
    """One below the table recognised with a reason, and one of those taken back again."""
    manager, deputy = world.accounts["manager"], world.accounts["deputy"]
    small = Project.objects.filter(
        status=Status.ACTIVE, project_class="ordinary", is_secret=False, stage__in=("signed", "registered")
    ).exclude(pk__in=KeyProjectRecognition.objects.values("project"))
    for place, project in enumerate(
        small.select_related("owner__account").order_by("-planned_investment", "pk")[:2]
    ):
        row = submit_key_project(
            actor=getattr(project.owner, "account", None) or manager,
            project=project,
            project_class="major",
            reason="链主企业配套，带动产业链三家企业落户。",
        )
        row = recognise_key_project(actor=deputy, recognition=row, note="产业带动作用突出，例外认定。")
        if place == 1:
            revoke_key_project(actor=manager, recognition=row, reason="带动项目未落户，认定前提不再成立。")

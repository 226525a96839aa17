"""Lists in the demo: what managers settled about standing still, and views that people keep and share."""

from projects.actions.ageing import settle_ageing
from projects.actions.load import settle_load_limit
from projects.demo.world import World
from projects.workflow import Stage
from promotion.access import audiences_given_by
from promotion.actions import save_view


def tell(world: World) -> str:
    """Through the actions that people use; rules hold from the day on which the demo is filled."""
    manager = world.accounts["manager"]
    for stage, size, days in ((Stage.ADMISSION, "strategic", 15), (Stage.STARTED, "strategic", 250)):
        settle_ageing(
            actor=manager,
            stage=stage,
            project_class=size,
            working_days=days,
            holds_from=world.today,
            note="演示规则；天数为假设",
        )
    settle_load_limit(
        actor=manager,
        grade="senior",
        projects=15,
        key_projects=5,
        holds_from=world.today,
        note="演示规则；个数为假设",
    )
    kept = _views(world)
    return f"2 ageing rules, 1 load limit, {kept} saved views"


def _views(world: World) -> int:
    leader = world.accounts["leader"]
    team = dict(audiences_given_by(leader))
    save_view(
        actor=world.accounts["manager"],
        name="停滞的重特大项目",
        url_name="projects:list",
        query="project_class=strategic&stalled=1",
        audience="everyone",
    )
    save_view(
        actor=leader,
        name="本队待认定",
        url_name="projects:board",
        query="awaiting=1",
        audience=next(iter(team), ""),
    )
    save_view(
        actor=world.accounts["officer"],
        name="我的在谈",
        url_name="projects:list",
        query="mine=1&stage=negotiation",
    )
    return 3

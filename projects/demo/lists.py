"""Lists in the demo: what managers settled about standing still."""

from projects.actions.ageing import settle_ageing
from projects.demo.world import World
from projects.workflow import Stage


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
    return "2 ageing rules"

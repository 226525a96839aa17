"""The demo's bulletins: the last three months that are over are issued, the running one is a draft that waits."""

from datetime import timedelta

from kpi.actions import bulletin as actions
from projects.demo.world import World

OUTLOOK = (
    "一是盯紧已签未注册项目，逐个明确注册时间；二是对停滞项目逐个开会，能解决的当月解决，解决不了的报联审；"
    "三是重点走访在谈外资项目。（演示）"
)


def bulletins(world: World, year: int) -> str:
    """Write them through the actions; in January those of the year before."""
    hr, manager = world.accounts["hr"], world.accounts["manager"]
    first = world.today.replace(day=1)
    months = [first]
    for _back in range(3):
        months.append((months[-1] - timedelta(1)).replace(day=1))
    for month in reversed(months):
        made = actions.draft_bulletin(actor=hr, year=month.year, period=f"M{month.month:02}")
        made = actions.edit_bulletin(
            actor=hr,
            bulletin=made,
            lead="",
            outlook=OUTLOOK,
            sent_to="管委会领导",
            copied_to="各项目部、各攻坚队、各驻点联络处",
            body_name="bureau",
        )
        if month != first:
            actions.issue_bulletin(actor=manager, bulletin=made)
    return f"{len(months) - 1} bulletins and a draft"

"""Two secret projects of the demo: one that everybody else knows by its code name only, one with an invited reader."""

from projects.access import projects_visible_to
from projects.actions.secrecy import keep_view, make_secret, name_reader
from projects.demo.world import World
from projects.models import ViewKind
from projects.workflow import Stage, Status

CODES = (("青峰行动", "投资方为上市公司，公告前不宜公开。"), ("银杏计划", "并购谈判期间按约定保密。"))


def tell(world: World) -> str:
    """Make projects of other officers secret, so that the cast's own pages stay as told elsewhere."""
    manager, auditor = world.accounts["manager"], world.accounts["auditor"]
    if manager.person is None:
        return "no manager who can be named a reader"
    own = [account.person_id for account in world.accounts.values() if account.person_id]
    chosen = (
        projects_visible_to(manager)
        .filter(status=Status.ACTIVE, stage=Stage.NEGOTIATION)
        .exclude(owner__in=own)
        .order_by("-planned_investment", "pk")[: len(CODES)]
    )
    secret = [
        make_secret(actor=manager, project=project, code_name=code, reason=reason)
        for project, (code, reason) in zip(chosen, CODES, strict=False)
    ]
    officer = world.accounts["officer"].person
    if secret and officer is not None:
        name_reader(actor=manager, project=secret[0], person=officer, reason="协助准备选址比较")
        for account in (world.accounts["officer"], auditor):
            keep_view(account, [secret[0]], ViewKind.RECORD)
    return f"{len(secret)} secret projects"

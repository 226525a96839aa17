"""What the demo zone can offer, as a drawn layout of two invented parks, and who holds which place."""

import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from projects.access import projects_visible_to
from projects.actions.reservation import enter_site, request_site, wait_for_site
from projects.actions.reservation_decision import approve_site, lock_site
from projects.actions.site import add_plant, add_plot
from projects.demo.world import World
from projects.models import Park, Plant, Plot, Project, SiteUse
from projects.workflow import ORDER, Stage
from promotion.money import WAN
from staff.models import Account

MU = Decimal("666.6667")
ROAD, LANE, SLANT = 56, 16, 0.14
# Letter of a row → its park, its southern edge, its depth, the widths of its plots (metres), what is built there.
ROWS: tuple[tuple[str, Park, int, int, tuple[int, ...], SiteUse], ...] = (
    ("C", Park.MAIN, 0, 250, (230, 200, 260, 190, 240, 210, 250), SiteUse.INDUSTRIAL),
    ("B", Park.MAIN, 306, 290, (170, 180, 210, 160, 200, 180, 230, 170, 190), SiteUse.INDUSTRIAL),
    ("A", Park.MAIN, 652, 230, (150, 190, 170, 220, 160, 200, 180, 180), SiteUse.RESEARCH),
    ("Q", Park.QINGYANG, 0, 270, (260, 220, 250, 230, 240, 200, 220, 240), SiteUse.INDUSTRIAL),
    ("P", Park.QINGYANG, 326, 250, (240, 200, 280, 220, 230, 210, 260, 180), SiteUse.INDUSTRIAL),
)
POWER = {SiteUse.INDUSTRIAL: (4000, 6300, 8000, 10000, 16000), SiteUse.RESEARCH: (1600, 2000, 3150, 4000)}
PRICE = {SiteUse.INDUSTRIAL: (26, 28, 30), SiteUse.RESEARCH: (45, 50, 56)}


def tell(world: World) -> str:
    """Forty plots, thirty plants, and the places of some thirty projects."""
    chance = random.Random(7_202_612)  # noqa: S311 demo data, not secrets
    manager = world.accounts["manager"]
    plots = [add_plot(actor=manager, is_demo=True, **fields) for fields in _plots(chance)]
    plants = [add_plant(actor=manager, is_demo=True, **fields) for fields in _plants(chance, plots)]
    free = {plot.number: plot for plot in plots if plot.status == "open"}
    own = _own(world, free, plants)
    _settle(world, chance, free, plants)
    return f"{len(plots)} plots, {len(plants)} plants, {own} places of the cast"


def _plots(chance: random.Random) -> Iterator[dict[str, Any]]:
    for letter, park, south, depth, widths, use in ROWS:
        west = 0
        for place, width in enumerate(widths, start=1):
            lean = SLANT if park == Park.MAIN else -SLANT / 2
            base = 0 if park == Park.MAIN else 60
            corners = [
                [round(base + x + lean * y), y]
                for x, y in ((west, south), (west + width, south), (west + width, south + depth), (west, south + depth))
            ]  # fmt: skip
            west += width + (ROAD if place % 3 == 0 else LANE)
            own_use = SiteUse.LOGISTICS if (letter, place) in (("C", 7), ("P", 8)) else use
            known = use if use in POWER else SiteUse.INDUSTRIAL
            yield {
                "park": park,
                "number": f"{letter}-{place:02}",
                "location": "锡澄路以东、芙蓉大道以南" if park == Park.MAIN else "青阳大道两侧",
                "area": (Decimal(width * depth) / MU).quantize(Decimal("0.01")),
                "use": own_use,
                "plot_ratio": Decimal(chance.choice(("1.5", "1.8", "2.0", "2.5"))),
                "power": chance.choice(POWER[known]),
                "has_gas": chance.random() < 0.8,
                "has_steam": use == SiteUse.INDUSTRIAL and chance.random() < 0.5,
                "status": "preparing" if (letter, place) in (("A", 8), ("P", 6), ("P", 7)) else "open",
                "price": chance.choice(PRICE[known]) * WAN,
                "corners": corners,
            }


def _plants(chance: random.Random, plots: list[Plot]) -> Iterator[dict[str, Any]]:
    hosts = {plot.number: plot for plot in plots}
    for number, park, name, floors in (
        ("A-03", Park.MAIN, "科创园 1 号楼", 4), ("A-03", Park.MAIN, "科创园 2 号楼", 4),
        ("B-01", Park.MAIN, "标准厂房一期 1 号", 2), ("B-01", Park.MAIN, "标准厂房一期 2 号", 2),
        ("B-02", Park.MAIN, "医疗器械加速器", 3), ("Q-01", Park.QINGYANG, "智造园 A 栋", 3),
        ("Q-01", Park.QINGYANG, "智造园 B 栋", 3), ("Q-02", Park.QINGYANG, "智造园 C 栋", 3),
        ("Q-02", Park.QINGYANG, "智造园 D 栋", 3), ("P-01", Park.QINGYANG, "新材料中试基地", 3),
    ):  # fmt: skip
        for floor in range(1, floors + 1):
            yield {
                "park": park,
                "building": name,
                "floor": f"{floor} 层",
                "plot": hosts[number],
                "area": Decimal(chance.choice((1800, 2400, 3000, 3600, 4800))),
                "use": SiteUse.RESEARCH if name.startswith("科创") else SiteUse.INDUSTRIAL,
                "height": Decimal("7.2") if floor == 1 else Decimal("4.5"),
                "floor_load": Decimal("2.0") if floor == 1 else Decimal("0.8"),
                "power": chance.choice((315, 630, 1250)),
                "rent": Decimal(chance.choice((16, 18, 20, 24))),
            }


def _own(world: World, free: dict[str, Plot], plants: list[Plant]) -> int:
    """The officer of the cast: one place kept, one that runs out within days, one request, one in line."""
    officer, leader, manager = (world.accounts[key] for key in ("officer", "leader", "manager"))
    active = list(
        projects_visible_to(officer)
        .filter(owner=officer.person, status="active", is_demo=True)
        .order_by("-stage_since", "pk")
    )
    # The first has signed and builds; the others are still talked about.
    signed = [one for one in active if one.stage in (Stage.SIGNED, Stage.REGISTERED, Stage.STARTED)]
    early = [one for one in active if one.stage in (Stage.LEAD, Stage.NEGOTIATION, Stage.ADMISSION)]
    projects = list(dict.fromkeys([*signed[:1], *early, *signed[1:], *active]))[:5]
    days = world.today
    held = 0
    for project, (number, area, until) in zip(
        projects, (("B-07", None, 60), ("B-05", Decimal(40), 5), ("Q-05", None, 120)), strict=False
    ):
        asked = request_site(
            actor=officer, project=project, plot=free.pop(number) if area is None else free[number], area=area,
            ends_on=days + timedelta(until), reason="首期厂房与配套，按合同分期建设",
        )  # fmt: skip
        held += 1
        if number == "Q-05":
            continue
        approve_site(actor=manager, reservation=asked, note="同意预留，签约后锁定")
        if number == "B-07" and ORDER.index(Stage(project.stage)) >= ORDER.index(Stage.SIGNED):
            lock_site(
                actor=manager, reservation=asked, ends_on=days + timedelta(400), note="按投资协议第 3 条供地"
            )
    rival = _rival(world, leader)
    if projects and rival:
        waiting = wait_for_site(
            actor=_account(world, rival), project=rival, plot=projects[0].reservations.all()[0].plot,
            reason="二期扩产，需相邻地块",
        )  # fmt: skip
        held += bool(waiting.pk)
    if len(projects) > 3:
        held += bool(
            request_site(
                actor=officer, project=projects[3], plant=plants[0], ends_on=days + timedelta(90),
                reason="研发先行入驻，过渡办公",
            )
        )  # fmt: skip
    return held


def _rival(world: World, leader: Account) -> Project | None:
    """A project of another team that would like the same place."""
    others = projects_visible_to(world.accounts["manager"]).filter(
        status="active", stage=Stage.NEGOTIATION, is_demo=True
    )
    return others.exclude(team__in=projects_visible_to(leader).values("team")).order_by("pk").first()


def _account(world: World, project: Project) -> Account:
    """The log-in of a project's service specialist; the manager's when there is none."""
    pairs = (pair for members in world.cast.officers.values() for pair in members)
    return next(
        (account for person, account in pairs if person.pk == project.owner_id), world.accounts["manager"]
    )


def _settle(world: World, chance: random.Random, free: dict[str, Plot], plants: list[Plant]) -> None:
    """Where the projects of the last years stand: land for those that build, floors for smaller ones."""
    manager = world.accounts["manager"]
    building = projects_visible_to(manager).filter(
        status="active", stage__in=ORDER[ORDER.index(Stage.REGISTERED) :], is_demo=True
    )
    wanted = list(building.exclude(owner=world.accounts["officer"].person).order_by("pk"))
    chance.shuffle(wanted)
    for park in Park:
        open_plots = [plot for number, plot in sorted(free.items()) if plot.park == park and number != "B-05"]
        own = [project for project in wanted if project.park == park]
        for project, plot in zip(own, open_plots[: len(open_plots) * 3 // 4], strict=False):
            stands = ORDER.index(Stage(project.stage)) >= ORDER.index(Stage.STARTED)
            enter_site(
                actor=manager, project=project, plot=plot, starts_on=project.stage_since,
                ends_on=None if stands else world.today + timedelta(chance.randint(90, 500)),
                reason="按投资协议供地",
            )  # fmt: skip
        floors = [plant for plant in plants if plant.park == park][4:]
        for project, plant in zip(own[len(open_plots) :], floors[:5], strict=False):
            enter_site(
                actor=manager, project=project, plant=plant, starts_on=project.stage_since,
                ends_on=world.today + timedelta(chance.randint(200, 700)), reason="租用标准厂房",
            )  # fmt: skip

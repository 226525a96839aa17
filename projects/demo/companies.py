"""Groups, other names, who is who, companies written twice, and one pair that was merged: all invented."""

from projects.access import companies_visible_to, projects_visible_to
from projects.actions.company import change_company
from projects.actions.company_merge import merge_companies
from projects.actions.company_name import add_alias, create_group
from projects.actions.contact import add_contact, assign_contact_role
from projects.actions.duplicate_scan import scan_here
from projects.actions.lead import log_lead
from projects.demo.names import REGIONS
from projects.demo.world import World
from projects.models import AliasKind, Company, Project
from projects.workflow import Status
from promotion.chinese import pinyin

# where a group is at home
HOMES = ("中国", "中国", "新加坡")
# where a company sits and who stands behind it, one line per company that joins a group
SEATS = (
    ("江苏省无锡市新吴区长江路 21 号", "周立群"),
    ("安徽省合肥市高新区创新大道 2800 号", "周立群"),
    ("上海市浦东新区张江路 560 号", "沈国栋"),
    ("江苏省苏州市工业园区星湖街 328 号", "沈国栋"),
    ("北京市海淀区上地东路 5 号", "狮岛国际控股"),
    ("江苏省常州市武进区科教城 12 号", "狮岛国际控股"),
)
# what a company was called before, its short and its English name, from the two characters that tell it apart
NAMES = (
    ((AliasKind.FORMER, "{}实业有限公司", "2019 年更名"), (AliasKind.ALIAS, "{}实业", "")),
    ((AliasKind.ENGLISH, "{latin} New Materials", ""), (AliasKind.BRAND, "{}之芯", "")),
    ((AliasKind.FORMER, "{}机电设备厂", "1998 年改制"), (AliasKind.ALIAS, "{}机电", "")),
    ((AliasKind.ENGLISH, "{latin} Precision", ""), (AliasKind.ALIAS, "{}精工", "")),
    ((AliasKind.ENGLISH, "{latin} International", ""),),
    ((AliasKind.FORMER, "{}电子厂", "2015 年更名"),),
)
MARK = "（演示）"
# the second writing of a known company: what is added to its name, and what both share
TWICE = ("（江苏）", "集团", "科技")


def tell(world: World) -> str:
    """Groups and names first, then who is who, then the pairs: three to settle, one merged."""
    manager = world.accounts["manager"]
    known = list(_companies_with_projects(world)[:10])
    _group(world, known[:6])
    people = _people(world, known[:4])
    pairs = [_written_twice(world, company, place) for place, company in enumerate(known[6:9])]
    merged = known[9]
    again = _written_again(world, merged)
    merge_companies(
        actor=manager, kept=merged, lost=again, reception="kept", reason="同一企业，录入时少写了地区"
    )
    scan_here(actor=manager)
    return f"{len(HOMES)} groups, {people} contacts with parts, {len(pairs)} pairs written twice, 1 merged"


def _companies_with_projects(world: World) -> list[Company]:
    """Companies at home whose projects the officer of the demo may change, the elder first, then others."""
    projects = projects_visible_to(world.accounts["officer"]).filter(status=Status.ACTIVE)
    own = projects.filter(company__name__endswith=MARK).order_by("pk").values_list("company", flat=True)
    first = list(dict.fromkeys(own))[:4]
    others = (
        companies_visible_to(world.accounts["manager"])
        .exclude(pk__in=first)
        .filter(country="中国", name__endswith=MARK)
    )
    wanted = [*first, *others.order_by("pk").values_list("pk", flat=True)[:8]]
    rows = companies_visible_to(world.accounts["manager"]).in_bulk(wanted)
    return [rows[pk] for pk in wanted]


def _group(world: World, companies: list[Company]) -> None:
    """Two companies to a group that is called after the first of them."""
    manager = world.accounts["manager"]
    groups = [f"{_brand(companies[place * 2].name)}控股集团" for place in range(len(HOMES))]
    for name, country in zip(groups, HOMES, strict=True):
        create_group(actor=manager, name=name, country=country)
    for place, company in enumerate(companies):
        address, controller = SEATS[place]
        change_company(
            actor=manager, company=company, group=groups[place // 2], address=address, controller=controller
        )
        brand = _brand(company.name)
        for kind, pattern, note in NAMES[place]:
            name = pattern.format(brand, latin=pinyin(brand).capitalize())
            add_alias(actor=manager, company=company, name=name, kind=kind, note=note)


def _people(world: World, companies: list[Company]) -> int:
    """Who decides and who is the liaison at the officer's own companies."""
    officer, count = world.accounts["officer"], 0
    parts = (
        ("宋海峰", "董事长", "decides"),
        ("叶婷", "投资部经理", "liaison"),
        ("秦越", "法务总监", "legal"),
    )
    for place, company in enumerate(companies):
        project = projects_visible_to(officer).filter(company=company, owner=officer.person).first()
        if project is None:
            continue
        for number, (name, title, part) in enumerate(parts[: 3 - place % 2]):
            phone = f"1380000{place:02}{number:02}"
            contact = add_contact(actor=officer, company=company, name=name, title=title, phone=phone)
            assign_contact_role(actor=officer, project=project, contact=contact, part=part)
            count += 1
    return count


def _written_twice(world: World, company: Company, place: int) -> Project:
    """A second entry of a company by somebody who did not look."""
    name = _stem(company.name) + TWICE[place] + "有限公司" + MARK
    return _lead(world, name, "二期扩建意向")


def _written_again(world: World, company: Company) -> Company:
    return _lead(world, _stem(company.name) + "有限责任公司" + MARK, "设备更新意向").company


def _lead(world: World, company_name: str, name: str) -> Project:
    return log_lead(
        actor=world.accounts["manager"],
        owner=world.accounts["officer"].person,
        company_name=company_name,
        name=name,
        channel="online",
        next_step="核实是否为已有企业",
        distinct_reason="对方自称是另一家法人，待查重核实",
    )


def _stem(name: str) -> str:
    """The name without its legal form and the mark of the demo."""
    name = name.removesuffix(MARK)
    for ending in ("股份有限公司", "有限责任公司", "有限公司", "公司"):
        name = name.removesuffix(ending)
    return name


def _brand(name: str) -> str:
    """The two characters that tell it apart, behind its city."""
    return next((name.removeprefix(city) for city in REGIONS if name.startswith(city)), name)[:2]

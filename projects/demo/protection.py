"""First receptions of the demo: some companies in the pool, one protection that ends soon, one dispute open and one decided."""

from datetime import timedelta

from projects.actions import (
    decide_arbitration,
    lapse_receptions,
    log_lead,
    open_arbitration,
    release_reception,
    state_case,
)
from projects.demo.world import World
from projects.models import FirstReception, Project
from staff.models import Account

# company, project, days since it was reported: with 180 days of protection, the first falls due soon and the next are over.
SOON = ("无锡凌云精密传动有限公司（演示）", "凌云精密减速器项目", 176)
LAPSED = (
    ("苏州澄明光学科技有限公司（演示）", "澄明光学镜头模组项目", 205, "equipment"),
    ("东莞启能电源有限公司（演示）", "启能储能电源项目", 231, "new_energy"),
    ("宁波海拓新材料有限公司（演示）", "海拓特种尼龙项目", 262, "materials"),
)
RELEASED = ("杭州格致生物技术有限公司（演示）", "格致细胞培养基项目", "对方已决定在本省扩产，半年内不再外迁")
DISPUTED = ("常州禾芯半导体有限公司（演示）", "禾芯功率器件封测项目")
DECIDED = ("深圳远望传感技术有限公司（演示）", "远望车载传感器项目")


def tell(world: World) -> str:
    """Officers log leads long ago, the night lets them lapse, and two teams dispute two companies."""
    officer = world.accounts["officer"]
    other = _other_officer(world, officer)
    company, name, days = SOON
    _lead(world, officer, company, name, days)
    for number, (company, name, days, industry) in enumerate(LAPSED):
        _lead(world, (officer, other)[number % 2], company, name, days, industry)
    company, name, reason = RELEASED
    held = _held(_lead(world, other, company, name, 60, "biomedicine"))
    release_reception(actor=other, reception=held, reason=reason)
    gone = 0
    while step := lapse_receptions(actor=None, on=world.today):
        gone += step
    _dispute(world, officer, other)
    return f"{gone} lapsed, 2 disputes"


def _dispute(world: World, officer: Account, other: Account) -> None:
    """The officer disputes one company that waits for both sides, and one that is decided for the officer."""
    waiting = _held(_lead(world, other, *DISPUTED, 20, "integrated_circuits"))
    case = open_arbitration(
        actor=officer,
        reception=waiting,
        grounds="该企业由我队在今年3月半导体展上首次接触，名片与来访记录附后；对方录入时我队正在约谈。",
    )
    state_case(
        actor=officer, arbitration=case, text="3月18日展会首谈，4月2日邀请来区考察，均有照片与签到表。"
    )
    settled = _held(_lead(world, other, *DECIDED, 40, "smart_vehicles"))
    case = open_arbitration(
        actor=officer, reception=settled, grounds="该企业系我队驻点深圳时经商会引荐，早于对方两个月。"
    )
    state_case(actor=officer, arbitration=case, text="附商会引荐函与两次会谈纪要。")
    state_case(actor=other, arbitration=case, text="我队经委托招商机构获知，不知贵队已在接触，尊重裁决。")
    decide_arbitration(
        actor=world.accounts["manager"],
        arbitration=case,
        outcome="transferred",
        decision="经查，申请方于两个月前经商会引荐首次接触该企业，有引荐函和会谈纪要为证；被申请方对此无异议。"
        "依据首报首接“以可核实的首次接触时间为准”的原则，裁决首报首接转移给申请方。",
    )


def _lead(
    world: World, actor: Account, company: str, name: str, days: int, industry: str = "equipment"
) -> Project:
    return log_lead(
        actor=actor,
        name=name,
        company_name=company,
        channel="stationed",
        industry=industry,
        on=world.today - timedelta(days=days),
    )


def _held(project: Project) -> FirstReception:
    return FirstReception.objects.get(company=project.company, released_at=None)


def _other_officer(world: World, officer: Account) -> Account:
    """The first officer of another team."""
    teams = officer.person.appointments.values_list("team__code", flat=True) if officer.person else []
    code = next(code for code in sorted(world.cast.officers) if code not in set(teams))
    return world.cast.officers[code][0][1]

"""The departments of the zone with their contacts (职能部门), invented people."""

from projects.access import departments_visible_to
from projects.actions import add_department, save_department_contact
from projects.demo.world import World
from projects.models import Department

# code, name, what it does, whether it names a specialist when building begins, its contacts (name, post)
DEPARTMENTS = (
    ("planning", "规划建设局", "规划方案、施工许可、竣工联合验收", True, (("韩志远", "建筑业科科长"), ("罗晓岚", "规划科主办"))),
    ("power", "供电公司", "外线接入、报装送电", True, (("丁国强", "客户经理"), ("苏敏", "营销部主任"))),
    ("environment", "生态环境局", "环评、排污许可、总量指标", True, (("贺晨", "环评科科长"),)),
    ("approval", "行政审批局", "立项备案、证照、帮办代办", True, (("江若云", "投资项目科科长"), ("邵鹏", "帮办专员"))),
    ("economy", "经济发展局", "产业政策、能评、技改备案", False, (("崔明", "产业科科长"),)),
    ("emergency", "应急管理局", "安全评价、消防与危化监管", False, (("孟建平", "危化科科长"),)),
    ("finance", "财政局", "扶持资金、国资出资", False, (("冯静", "企业科科长"),)),
    ("land", "自然资源分局", "用地指标、土地出让、不动产登记", False, (("彭立新", "利用科科长"),)),
    ("water", "水务公司", "供水、排水接入", False, (("范晓东", "工程部经理"),)),
    ("gas", "燃气公司", "燃气接入、用气保障", False, (("白露", "工商客户部经理"),)),
)  # fmt: skip


def tell(world: World) -> str:
    """Enter the directory as HR does."""
    keeper = world.accounts["hr"]
    for place, (code, name, duties, names_specialist, contacts) in enumerate(DEPARTMENTS):
        department = add_department(
            actor=keeper,
            code=code,
            name=name,
            duties=duties,
            phone=f"0510-8000{place:04}",
            names_specialist=names_specialist,
        )
        for number, (person, title) in enumerate(contacts):
            save_department_contact(
                actor=keeper,
                department=department,
                name=person,
                title=title,
                phone=f"1370000{place:02}{number:02}",
                email=f"{code}{number}@demo.invalid",
            )
    return f"{len(DEPARTMENTS)} departments"


def department(world: World, code: str) -> Department:
    """One of them by its code."""
    return departments_visible_to(world.accounts["admin"]).get(code=code)

"""The teams of the practice case, and the people in them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from staff.models import Grade, Identity, TeamKind

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = (
    "伟 敏 静 磊 洋 艳 勇 军 杰 娟 涛 明 超 霞 平 刚 桂英 志强 建国 晓东 海燕 丽华 文博 思远 雨桐 子涵 浩然 佳怡 "
    "宇航 欣妍 俊杰 梦琪 天宇 若曦 嘉禾 一鸣 书瑶 景行 知远 安然 云舟 清扬 承志 怀瑾 予安 星河 望舒 沐阳 亦凡 言溪"
).split()


@dataclass(frozen=True)
class TeamPlan:
    """A team of the practice case: its code, name, kind, parent's code, fields and region."""

    code: str
    name: str
    kind: TeamKind
    parent: str
    fields: tuple[str, ...]
    region: str


TEAMS: tuple[TeamPlan, ...] = (
    TeamPlan("XM1", "项目一部", TeamKind.DEPARTMENT, "", ("新能源",), "高新区本部"),
    TeamPlan("XM2", "项目二部", TeamKind.DEPARTMENT, "", ("集成电路",), "高新区本部"),
    TeamPlan("XM3", "项目三部", TeamKind.DEPARTMENT, "", ("生物医药",), "高新区本部"),
    TeamPlan("XM4", "项目四部", TeamKind.DEPARTMENT, "", ("智能网联汽车", "高端装备"), "青阳园区"),
    TeamPlan("XM5", "项目五部", TeamKind.DEPARTMENT, "", ("新材料", "智慧建筑"), "青阳园区"),
    TeamPlan("XM6", "项目六部", TeamKind.DEPARTMENT, "", ("现代服务",), "长三角与京津冀、珠三角"),
    TeamPlan("XM7", "项目七部", TeamKind.DEPARTMENT, "", ("外资",), "境外"),
    TeamPlan("GJ1", "项目攻坚一队", TeamKind.TASK_FORCE, "XM1", ("新能源",), "高新区本部"),
    TeamPlan("GJ2", "项目攻坚二队", TeamKind.TASK_FORCE, "XM1", ("新能源", "新材料"), "青阳园区"),
    TeamPlan("GJ3", "项目攻坚三队", TeamKind.TASK_FORCE, "XM2", ("集成电路",), "高新区本部"),
    TeamPlan("GJ4", "项目攻坚四队", TeamKind.TASK_FORCE, "XM2", ("集成电路", "高端装备"), "青阳园区"),
    TeamPlan("GJ5", "项目攻坚五队", TeamKind.TASK_FORCE, "XM3", ("生物医药",), "高新区本部"),
    TeamPlan("GJ6", "项目攻坚六队", TeamKind.TASK_FORCE, "XM4", ("智能网联汽车",), "青阳园区"),
    TeamPlan("GJ7", "项目攻坚七队", TeamKind.TASK_FORCE, "XM4", ("高端装备",), "高新区本部"),
    TeamPlan("GJ8", "项目攻坚八队", TeamKind.TASK_FORCE, "XM5", ("新材料",), "青阳园区"),
    TeamPlan("GJ9", "项目攻坚九队", TeamKind.TASK_FORCE, "XM5", ("智慧建筑", "现代服务"), "高新区本部"),
    TeamPlan("ZD1", "驻点招商攻坚一队", TeamKind.STATIONED, "XM6", ("现代服务", "集成电路"), "长三角"),
    TeamPlan(
        "ZD2", "驻点招商攻坚二队", TeamKind.STATIONED, "XM6", ("生物医药", "高端装备"), "京津冀、珠三角"
    ),
    TeamPlan("ZD3", "驻点招商攻坚三队", TeamKind.STATIONED, "XM7", ("外资",), "境外"),
    TeamPlan("LL1", "驻上海联络处", TeamKind.LIAISON, "ZD1", (), "上海"),
    TeamPlan("LL2", "驻北京联络处", TeamKind.LIAISON, "ZD2", (), "北京"),
    TeamPlan("LL3", "驻深圳联络处", TeamKind.LIAISON, "ZD2", (), "深圳"),
    TeamPlan("LL4", "驻日本联络处", TeamKind.LIAISON, "ZD3", (), "日本"),
    TeamPlan("LL5", "驻韩国联络处", TeamKind.LIAISON, "ZD3", (), "韩国"),
    TeamPlan("LL6", "驻以色列联络处", TeamKind.LIAISON, "ZD3", (), "以色列"),
)
# How many people a team of a kind has; departments are led from their task forces and have no members of their own.
SIZES = {TeamKind.TASK_FORCE: 8, TeamKind.STATIONED: 7, TeamKind.LIAISON: 3}


# Where they worked before; somebody hired from the market had no unit of the zone.
HOME_UNITS = ("经济发展局", "财政局", "", "自然资源分局", "投资促进局", "国有资产公司", "科技创新局", "")


@dataclass(frozen=True)
class PersonPlan:
    """A demo person with the team and the grade of the appointment."""

    staff_number: str
    name: str
    identity: Identity
    home_unit: str
    languages: str
    joined_on: date
    team: str
    grade: Grade
    is_leader: bool
    starts_on: date


def plan_people(first_year: int) -> Iterator[PersonPlan]:
    """About 120 people, the same every time: nine task forces, three stationed teams, six offices."""
    chance = random.Random(20_211_110)  # noqa: S311 demo data, not secrets
    names = _names(chance)
    number = 0
    for team in TEAMS:
        for place in range(SIZES.get(team.kind, 0)):
            number += 1
            grade = Grade.SENIOR if place < 2 else Grade.FIRST if place < 5 else Grade.SECOND
            abroad = {"LL4": "日语", "LL5": "韩语", "LL6": "英语", "ZD3": "英语"}.get(team.code, "")
            level = ("（翻译）", "（熟练）", "（可交流）")[place % 3]
            languages = f"{abroad}{level}" if abroad else ""
            yield PersonPlan(
                staff_number=f"ZS{number:03}",
                name=next(names),
                identity=chance.choice(list(Identity)),
                home_unit=HOME_UNITS[number % len(HOME_UNITS)],
                languages=languages or chance.choice(("", "", "", "英语")),
                joined_on=date(
                    chance.randint(first_year - 6, first_year - 1),
                    chance.randint(1, 12),
                    chance.randint(1, 28),
                ),
                team=team.code,
                grade=grade,
                is_leader=place == 0,
                starts_on=date(first_year, 1, 1),
            )


def _names(chance: random.Random) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        name = chance.choice(SURNAMES) + chance.choice(GIVEN)
        if name not in seen:
            seen.add(name)
            yield name

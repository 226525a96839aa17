"""Invented investors and projects, and the three projects that the practice case names."""

import random
from collections.abc import Iterator
from decimal import Decimal

from projects.actions.history_records import PastCompany
from projects.credit_code import check_character
from promotion.money import YI

BRANDS = (
    "澄川 衡岳 启澜 星屿 云帆 华蓥 瑞禾 北辰 南屿 东麓 西岭 朗行 致微 禾川 晴舟 光屿 曜山 泽惠 康桥 元朗 柏舟 松岳 "
    "擎宇 飞澜 翼行 铸远 精衡 锐锋 瀚海 蓝脊 远峰 谷雨 纳川 砚湾 筑方 栖岩 云汀 汇通 数屿 灵犀 天枢 远航 青禾 瑶光 平湖 鹤鸣 明溪"
).split()
REGIONS = ("上海", "北京", "深圳", "苏州", "无锡", "南京", "杭州", "合肥", "武汉", "西安")
ABROAD = (
    ("日本", "三桐精密株式会社", "Mitsukiri Precision"),
    ("日本", "东野电材株式会社", "Higashino Materials"),
    ("日本", "白鹭制药株式会社", "Shirasagi Pharma"),
    ("韩国", "汉岭新材料株式会社", "Hanryeong Materials"),
    ("韩国", "首原电池株式会社", "Suwon Cell Demo"),
    ("韩国", "青坡设备株式会社", "Cheongpa Equipment"),
    ("以色列", "加利利医疗科技公司", "Galil Medical Demo"),
    ("以色列", "内盖夫半导体公司", "Negev Semiconductor Demo"),
    ("德国", "莱茵霍夫传动有限公司", "Rheinhof Antriebe"),
    ("新加坡", "狮岛资本私人有限公司", "Lion Isle Capital"),
)
# industry → (word in a company's name, what it builds here)
TRADES: dict[str, tuple[str, tuple[str, ...]]] = {
    "new_energy": (
        "新能源",
        ("储能系统集成", "动力电池结构件", "光伏组件", "氢能储运装备", "电池回收利用", "逆变器生产基地"),
    ),
    "integrated_circuits": (
        "微电子",
        ("先进封装测试", "车规级功率模块", "第三代半导体衬底", "传感芯片设计中心", "晶圆再生", "测试探针卡"),
    ),
    "biomedicine": (
        "生物医药",
        ("生物药 CDMO 基地", "医学影像设备", "体外诊断试剂", "创新药研发中心", "高值耗材", "细胞治疗平台"),
    ),
    "smart_vehicles": (
        "汽车科技",
        ("智能网联商用车二期", "线控底盘", "车载激光雷达", "一体化压铸件", "智能座舱", "新能源物流车"),
    ),
    "smart_building": ("智慧建筑", ("装配式构件", "移动建筑模块", "智慧楼宇系统", "绿色幕墙")),
    "equipment": (
        "高端装备",
        ("高端装备产业园", "工业机器人", "精密减速器", "半导体清洗设备", "航空零部件", "数控机床"),
    ),
    "materials": ("新材料", ("碳纤维复合材料", "电子级树脂", "高温合金", "特种玻璃", "石墨导热膜")),
    "services": ("产业服务", ("区域总部", "检验检测中心", "供应链运营中心", "工业设计中心", "数据服务基地")),
    "other": ("实业", ("综合产业园",)),
}

# The practice case's three named projects with their published totals; nothing else is said of them.
NAMED: tuple[tuple[str, str, str, Decimal], ...] = (
    ("联动天翼新能源有限公司", "联动天翼新能源动力电池项目", "new_energy", 200 * YI),
    ("智建美住智慧建筑有限公司", "智建美住移动智慧建筑项目", "smart_building", 51 * YI),
    ("前晨汽车有限公司", "前晨汽车智能网联新能源商用车项目", "smart_vehicles", Decimal("51.8") * YI),
)


def invent_code(place: int) -> str:
    """A credit code whose checksum holds, in a range that no registry gives out (登记机关代码 000000)."""
    body = f"91000000MA0{place:05}X"
    return body + check_character(body)


def invent_companies(chance: random.Random) -> Iterator[tuple[str, PastCompany]]:
    """57 invented investors with their industry, marked as demo."""
    trades = [trade for trade in TRADES if trade != "other"]
    for place, brand in enumerate(BRANDS):
        industry = trades[place % len(trades)]
        region = chance.choice(REGIONS)
        name = f"{region}{brand}{TRADES[industry][0]}有限公司（演示）"
        contact = (f"{chance.choice('陈林周沈顾')}经理", "投资发展部", f"1380000{place:04}")
        yield (
            industry,
            PastCompany(name, region=region, credit_code=invent_code(place), contact=contact, is_demo=True),
        )
    for place, (country, name, english) in enumerate(ABROAD):
        industry = ("equipment", "materials", "biomedicine", "materials", "new_energy")[place % 5]
        contact = ("驻华代表", "中国事业部", f"1390000{place:04}")
        yield (
            industry,
            PastCompany(
                f"{name}（演示）", country=country, english_name=english, contact=contact, is_demo=True
            ),
        )

"""Where an investor is at home: the province of a Chinese address, or the country, in one word (投资方所在地)."""

from functools import lru_cache

CHINA = "中国"

# Province → its cities, and the well-known cities below them; without the words 省, 市, 区.
CITIES = {
    "北京": "", "天津": "", "上海": "浦东 张江 临港", "重庆": "",
    "河北": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 雄安",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布",
    "辽宁": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳市 葫芦岛",
    "吉林": "长春 四平 辽源 通化 白山 松原 白城 延边",
    "黑龙江": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化",
    "江苏": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 江阴 宜兴 昆山 张家港 常熟 太仓 丹阳 靖江",
    "浙江": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 慈溪 余姚 诸暨 桐乡 海宁",
    "安徽": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
    "福建": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 晋江",
    "江西": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "山东": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "河南": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源",
    "湖北": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施",
    "湖南": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西",
    "广东": "广州 深圳 珠海 汕头 佛山 韶关 湛江 肇庆 江门 茂名 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮",
    "广西": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "海南": "海口 三亚 三沙 儋州 洋浦",
    "四川": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山",
    "贵州": "贵阳 六盘水 遵义 安顺 毕节 铜仁 黔东南 黔南 黔西南",
    "云南": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆",
    "西藏": "拉萨 日喀则 昌都 林芝 山南 那曲 阿里",
    "陕西": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 西咸",
    "甘肃": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南",
    "青海": "西宁 海东 海北 黄南 海西 玉树 果洛",
    "宁夏": "银川 石嘴山 吴忠 固原 中卫",
    "新疆": "乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 喀什 和田 伊犁 塔城 阿勒泰 石河子",
    "香港": "", "澳门": "", "台湾": "台北 高雄 新北 台中 台南 新竹 桃园市",
}  # fmt: skip
PROVINCES = tuple(CITIES)

# Other spellings of a country or region → the one word that the map knows.
COUNTRY_NAMES = {
    "japan": "日本", "korea": "韩国", "south korea": "韩国", "republic of korea": "韩国", "大韩民国": "韩国",
    "israel": "以色列", "germany": "德国", "usa": "美国", "us": "美国", "united states": "美国", "美利坚": "美国",
    "singapore": "新加坡", "france": "法国", "uk": "英国", "united kingdom": "英国", "italy": "意大利",
    "switzerland": "瑞士", "netherlands": "荷兰", "sweden": "瑞典", "canada": "加拿大", "australia": "澳大利亚",
    "hong kong": "香港", "中国香港": "香港", "macau": "澳门", "macao": "澳门", "中国澳门": "澳门",
    "taiwan": "台湾", "中国台湾": "台湾", "台湾省": "台湾", "china": CHINA, "prc": CHINA, "中华人民共和国": CHINA, "": CHINA,
}  # fmt: skip
# The countries that have a square of their own; all others share one.
COUNTRIES = (
    "日本",
    "韩国",
    "新加坡",
    "以色列",
    "德国",
    "法国",
    "英国",
    "意大利",
    "瑞士",
    "荷兰",
    "瑞典",
    "美国",
    "加拿大",
    "澳大利亚",
)
LONGEST = 40


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[str, str], ...]:
    """Every place with its province, the longest names first, so that 张家界 is not taken for 张家口's neighbour."""
    found = [(name, name) for name in PROVINCES]
    found += [(city, province) for province, cities in CITIES.items() for city in cities.split()]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def province_of(text: str) -> str:
    """The province that an address begins with, else the first one that it names; empty when it names none.

    “江苏无锡”, “无锡市”, “内蒙古自治区包头市” and “中国（上海）” are understood.
    """
    plain = text.strip().removeprefix("中国").lstrip("（( 　·,，")
    for begins in (True, False):
        for name, province in _places():
            if plain.startswith(name) if begins else (len(name) > 1 and name in plain):
                return province
    return ""


def home_of(*, country: str, region: str, name: str = "") -> str:
    """The province of an investor from China, the country of one from abroad; empty when nothing tells.

    Without a province or city the company's name is asked, which in China begins with the place of its registration.
    """
    plain = country.strip()
    known = COUNTRY_NAMES.get(plain.lower(), plain)
    if known in PROVINCES:
        return known
    if known != CHINA:
        return known[:LONGEST]
    return province_of(region) or _begins(name)


def _begins(name: str) -> str:
    plain = name.strip()
    return next((province for place, province in _places() if plain.startswith(place)), "")

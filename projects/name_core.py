"""What of a company's name tells it apart: without legal form, brackets, width, traditional forms, and the place in front.

Pure: no database. `same_core` is the strict question that entry paths ask; `core_of` the wider one of searches.
"""

import re

from projects.geography import CITIES
from promotion.chinese import fold

# Words at the end of a name that tell no two companies apart.
GENERIC = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|集团公司|公司|集团|控股|股份|科技|技术|项目|co\.,?ltd\.?|ltd\.?|inc\.?|gmbh)$"
)
# Traditional characters that names of companies from Hong Kong, Macao and Taiwan use; cheap, not complete.
_PAIRS = (
    "電电 氣气 車车 業业 國国 華华 東东 實实 創创 開开 發发 機机 產产 資资 訊讯 環环 達达 聯联 豐丰 寶宝 龍龙 馬马 長长 興兴 盛盛 "
    "萬万 億亿 億亿 應应 慶庆 廣广 廠厂 藥药 醫医 療疗 飛飞 風风 雲云 龐庞 貿贸 財财 貨货 鋼钢 鐵铁 鋁铝 銅铜 鋰锂 銀银 錦锦 鑫鑫 "
    "鴻鸿 聖圣 維维 綠绿 紅红 經经 紙纸 織织 細细 統统 網网 線线 維维 導导 體体 積积 晶晶 顯显 視视 聲声 話话 設设 計计 試试 "
    "證证 誠诚 諾诺 讀读 頂顶 順顺 領领 顧顾 頻频 飲饮 養养 餘余 駿骏 騰腾 驅驱 驗验 魯鲁 鮮鲜 鳳凤 麗丽 齊齐 點点 團团 圖图 場场 "
    "塊块 報报 墾垦 備备 儀仪 傳传 價价 優优 億亿 輪轮 軟软 轉转 輝辉 運运 進进 遠远 選选 鄭郑 釋释 鏈链 鍋锅 鎂镁 鎳镍 鏡镜 "
    "閥阀 關关 陽阳 陸陆 際际 隆隆 雙双 難难 靜静 韓韩 頭头 題题 塑塑 橋桥 樂乐 標标 樣样 權权 檢检 歐欧 歲岁 殼壳 滅灭 潔洁 "
    "濟济 濱滨 燈灯 營营 爾尔 獨独 獲获 瑪玛 瓊琼 畫画 異异 當当 監监 盤盘 碼码 礦矿 種种 穩稳 窯窑 筆笔 節节 範范 簡简 糧粮"
)
SIMPLIFIED = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
PLACES = {*CITIES, *(city for cities in CITIES.values() for city in cities.split())}
PLACE = re.compile(r"^(?:中国)?(" + "|".join(sorted(PLACES, key=len, reverse=True)) + r")(?:省|市|自治区)?")
SHORTEST = 2


def folded(name: str) -> str:
    """Half width, lower case, no blanks, simplified characters."""
    return fold(name).translate(SIMPLIFIED)


def core_of(name: str) -> str:
    """What is left of a folded name without brackets and legal form: empty when nothing tells it apart."""
    rest = re.sub(r"\([^)]*\)", "", folded(name))
    while (shorter := GENERIC.sub("", rest)) != rest:
        rest = shorter
    return rest


def place_and_rest(core: str) -> tuple[str, str]:
    """The place in front of a core and what follows; no place where too little would be left."""
    found = PLACE.match(core)
    if found is None or len(core) - found.end() < SHORTEST:
        return "", core
    return found.group(1), core[found.end() :]


def same_core(name: str, other: str) -> bool:
    """Whether two names mean one company as far as names tell: places in front must not contradict each other."""
    (place, rest), (its_place, its_rest) = place_and_rest(core_of(name)), place_and_rest(core_of(other))
    if len(rest) < SHORTEST or rest != its_rest:
        return False
    return not place or not its_place or place == its_place

"""Money as people type it: “3.5亿”, “5000万”, “1,200万元”, “$300万”; stored in 元 (or USD) as exact decimals."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from promotion.errors import Refused

WAN = Decimal(10_000)
YI = Decimal(100_000_000)
LARGEST = YI * 100_000
UNITS = {
    "": None,
    "元": Decimal(1),
    "万": WAN,
    "万元": WAN,
    "亿": YI,
    "亿元": YI,
    "万美元": WAN,
    "亿美元": YI,
    "美元": Decimal(1),
}
PATTERN = re.compile(r"^[¥$]?(?P<number>\d[\d,]*(?:\.\d+)?|\.\d+)(?P<unit>[^\d.,]*)$")


def parse_amount(text: str, *, default_unit: Decimal = WAN) -> Decimal:
    """Read an amount and give it in the base unit (元, or USD), to two decimals.

    A bare number is in `default_unit` (万 unless the field says otherwise). Raises Refused for anything else.
    """
    cleaned = unicodedata.normalize("NFKC", text).replace(" ", "").replace("，", ",")
    match = PATTERN.match(cleaned)
    if match is None or match["unit"] not in UNITS:
        raise Refused(
            _("看不懂金额“%(text)s”。请写成 3.5亿、5000万 或 35000（万元）。") % {"text": text.strip()}
        )
    try:
        amount = Decimal(match["number"].replace(",", "")) * (UNITS[match["unit"]] or default_unit)
    except InvalidOperation as error:
        raise Refused(_("看不懂金额“%(text)s”。") % {"text": text.strip()}) from error
    if amount > LARGEST:
        raise Refused(_("金额“%(text)s”超过十万亿，请检查单位。") % {"text": text.strip()})
    return amount.quantize(Decimal("0.01"))

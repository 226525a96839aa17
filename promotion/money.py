"""Money as people type it: “3.5亿”, “5000万”, “1,200万元”, “$300万”; stored in 元 (or USD) as exact decimals; divided to the cent."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from django.utils.translation import gettext as _

from promotion.errors import Refused

CENT = Decimal("0.01")
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
    return amount.quantize(CENT)


def divided(whole: Decimal, weights: Sequence[Decimal], step: Decimal = CENT) -> list[Decimal]:
    """Parts of `whole` by weight, each a multiple of `step`, that total exactly `whole`; in the order of the weights.

    Each part is cut to the step, and the missing steps go one each to the largest remainders, the larger weight first and then
    the earlier place. A negative whole is divided as its opposite. Raises ValueError for a whole that is no multiple of the
    step, a negative weight, or weights that total nothing.
    """
    if whole != (whole / step).to_integral_value() * step or any(weight < 0 for weight in weights):
        raise ValueError(f"{whole} cannot be divided by {weights} in steps of {step}")
    if whole < 0:
        return [-part for part in divided(-whole, weights, step)]
    total = sum((Fraction(weight) for weight in weights), Fraction(0))
    if not total:
        raise ValueError(f"{weights} total nothing")
    steps = int(whole / step)
    shares = [Fraction(weight) * steps / total for weight in weights]
    parts = [share.numerator // share.denominator for share in shares]
    order = sorted(
        range(len(parts)), key=lambda place: (parts[place] - shares[place], -weights[place], place)
    )
    for place in order[: steps - sum(parts)]:
        parts[place] += 1
    return [part * step for part in parts]

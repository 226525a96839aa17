"""How figures, days and moments are written on pages; exports and papers use the same functions.

A missing value is an em dash, never a zero. Units stand in headings, so no function here writes one.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone

from promotion.money import WAN, YI

NOTHING = "—"
MINUS = "−"


def number(value: object, places: int = 2) -> str:
    """A figure with grouped thousands and a fixed number of decimals, half rounded up; text is refused."""
    if value is None or value == "":
        return NOTHING
    try:
        exact = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"not a number: {value!r}") from error
    rounded = exact.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{int(places)}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def exact(value: object, places: int = 4) -> str:
    """A figure with as many decimals as it has, at most `places`: 0.5, 1,500, 0.3531."""
    text = number(value, places)
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: object, places: int = 1) -> str:
    """A movement: ＋4.0, −0.5, or a dash when nothing moved."""
    text = number(value, places)
    if text == NOTHING or not text.strip(f"{MINUS}0.,"):
        return NOTHING
    return text if text.startswith(MINUS) else f"+{text}"


def places_moved(value: object) -> str:
    """A movement in a ranking: ↑ 3, ↓ 2, or a dash."""
    text = number(value, 0)
    if text in (NOTHING, "0"):
        return NOTHING
    return f"↓ {text[1:]}" if text.startswith(MINUS) else f"↑ {text}"


def scaled(value: object, unit: Decimal, places: int) -> str:
    """A sum of base units written in a larger unit."""
    if value is None or value == "":
        return NOTHING
    return number(Decimal(str(value)) / unit, places)


def yi(value: object, places: int = 2) -> str:
    """元 written in 亿元."""
    return scaled(value, YI, places)


def wan(value: object, places: int = 2) -> str:
    """元 written in 万元."""
    return scaled(value, WAN, places)


def usd_wan(value: object, places: int = 2) -> str:
    """USD written in 万美元."""
    return scaled(value, WAN, places)


def money(value: object, unit: str = "万元", places: int = 2) -> str:
    """元 written in the named unit; an unknown unit is a mistake in the template."""
    units = {"元": Decimal(1), "万元": WAN, "亿元": YI}
    if unit not in units:
        raise ValueError(f"unit must be one of {', '.join(units)}, not {unit!r}")
    return scaled(value, units[unit], places)


def percent(value: object, places: int = 0) -> str:
    """A ratio as a percentage: 0.893 → 89%."""
    if value is None or value == "":
        return NOTHING
    return f"{number(Decimal(str(value)) * 100, places)}%"


def day(value: dt.date | dt.datetime | None) -> str:
    """A date in ISO form, a moment by its local day."""
    if not value:
        return NOTHING
    return (
        timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
    ).strftime("%Y-%m-%d")


def moment(value: dt.datetime | None) -> str:
    """A local day and minute."""
    if not value:
        return NOTHING
    return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%Y-%m-%d %H:%M")


def share(value: object, maximum: object) -> float:
    """How much of the maximum is reached, as a percentage between 0 and 100 for drawing."""
    whole = float(maximum or 0)  # type: ignore[arg-type]
    if whole <= 0:
        return 0.0
    return round(min(max(float(value or 0) / whole, 0.0), 1.0) * 100, 2)  # type: ignore[arg-type]


def unlocalized(value: object) -> str:
    """A drawing's measure as an attribute wants it, whatever the language."""
    return str(value)

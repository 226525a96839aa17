"""Places within a group (排名), on unrounded values; equal values share a place."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from kpi.scoring.results import Sheet, Standing
from kpi.scoring.rounding import settled
from kpi.scoring.scheme import Group


def rank(sheets: Iterable[Sheet], group: Group) -> tuple[Standing, ...]:
    """The standings of the group's subjects: 1, 2, 2, 4. Only the group's tie-breakers break ties."""
    members = [sheet for sheet in sheets if sheet.subject.kind in group.subjects]
    keyed = sorted(((_key(sheet, group), sheet) for sheet in members), key=_order)
    sharing = Counter(key for key, _ in keyed)
    place_of: dict[tuple[Decimal, ...], int] = {}
    for place, (key, _) in enumerate(keyed, start=1):
        place_of.setdefault(key, place)
    return tuple(
        Standing(
            place=place_of[key],
            sheet=sheet,
            key=key,
            tied=sharing[key] > 1,
            undecided=bool(sheet.undecided),
        )
        for key, sheet in keyed
    )


def _key(sheet: Sheet, group: Group) -> tuple[Decimal, ...]:
    first = sheet.exact_total if group.rank_by == "total" else _points(sheet, group.rank_by)
    return settled(first), *(settled(_points(sheet, code)) for code in group.tie_breakers)


def _points(sheet: Sheet, code: str) -> Decimal:
    """The unrounded points of one item; an item that is undecided or absent ranks behind every scored one."""
    item = sheet.item(code)
    return item.exact if item is not None and item.exact is not None else Decimal("-Infinity")


def _order(entry: tuple[tuple[Decimal, ...], Sheet]) -> tuple[list[Decimal], str]:
    key, sheet = entry
    return [number.copy_negate() for number in key], sheet.subject.code

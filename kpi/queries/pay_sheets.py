"""The lines of a new sheet: a month with arrears of earlier ones, or the settlement of a year."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpi.models import PayLine, PayRule, PaySheet, PayState, Run, SheetKind
from kpi.pay.line import Arrears, Line, MonthLine, YearLine
from kpi.pay.month import ZERO
from kpi.pay.year import settle
from kpi.queries.grades import results_of_people
from kpi.queries.pay_posts import Held, PostsOfYear
from kpi.queries.pay_rules import scale_for
from kpi.queries.pay_sealed import Opened, opened

THREE = ("base", "target", "advance")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A line that is not written yet."""

    person_id: int
    team_id: int
    grade: str
    line: Line


@dataclass
class Paid:
    """What one person was paid in a year so far: by month (base, target, advance), and where he was last."""

    team_id: int = 0
    grade: str = ""
    months: dict[int, list[Decimal]] | None = None
    base: Decimal = ZERO
    advanced: Decimal = ZERO
    target: Decimal = ZERO
    settled: Decimal = ZERO


def paid_lines(year: int, kind: str = "", before: int = 13) -> list[Opened]:
    """The paid lines of a year in clear, oldest first."""
    rows = PayLine.objects.filter(sheet__year=year, sheet__state=PayState.PAID).select_related("sheet")
    if kind:
        rows = rows.filter(sheet__kind=kind)
    if kind == SheetKind.MONTH:
        rows = rows.filter(sheet__month__lt=before)
    return opened(rows.order_by("sheet__month", "sheet__number", "pk"))


def paid_by_person(year: int, *, before: int = 13) -> dict[int, Paid]:
    """What months before `before` paid to each person, arrears counted to the month that they are of."""
    found: dict[int, Paid] = defaultdict(Paid)
    for each in paid_lines(year, SheetKind.MONTH, before):
        one, line, month = found[each.row.person_id], each.line, each.row.sheet.month or 0
        one.team_id, one.grade = each.row.team_id, each.row.grade
        one.months = one.months if one.months is not None else defaultdict(lambda: [ZERO, ZERO, ZERO])
        for number, part in [(month, line), *((arrear.month, arrear) for arrear in line.arrears)]:
            sums = one.months[number]
            for place, name in enumerate(THREE):
                sums[place] += getattr(part, name)
        one.base += line.base + sum((arrear.base for arrear in line.arrears), ZERO)
        one.advanced += line.advance_paid
        one.target += line.target_held
    return found


def month_lines(year: int, month: int, rule: PayRule) -> list[Drafted]:
    """Everybody's line of the month, with what earlier paid months of the year owe or were paid too much."""
    posts, paid = PostsOfYear(year, rule), paid_by_person(year, before=month)
    months = sorted({number for one in paid.values() for number in one.months or {}})
    again = {number: posts.month(number, _scale(year, number)) for number in months}
    own = posts.month(month, _scale(year, month))
    found = []
    for person in sorted({*own, *paid}):
        held, before = own.get(person), paid.get(person)
        owed = _arrears(person, before, again) if before else ()
        if held is None and not owed:
            continue
        team, grade = (held.team_id, held.grade) if held else (before.team_id, before.grade)  # type: ignore[union-attr]
        found.append(Drafted(person, team, grade, _month_line(held, owed)))
    return found


def _scale(year: int, month: int) -> dict:  # type: ignore[type-arg]
    found = scale_for(date(year, month, 1))
    return found.by_grade if found else {}


def _month_line(held: Held | None, owed: tuple[Arrears, ...]) -> MonthLine:
    if held is None:
        return MonthLine(arrears=owed)
    pay = held.pay
    return MonthLine(
        month_days=held.month_days,
        away_days=held.away_days,
        parts=pay.parts,
        base=pay.base,
        target=pay.target,
        advance=pay.advance,
        arrears=owed,
    )


def _arrears(person: int, paid: Paid, again: dict[int, dict[int, Held]]) -> tuple[Arrears, ...]:
    """For each earlier month what it comes to now less what was paid for it."""
    found = []
    for number, held in again.items():
        was = (paid.months or {}).get(number, [ZERO, ZERO, ZERO])
        now = held.get(person)
        is_now = [getattr(now.pay, name) for name in THREE] if now else [ZERO, ZERO, ZERO]
        one = Arrears(number, *(new - old for new, old in zip(is_now, was, strict=True)))
        if one:
            found.append(one)
    return tuple(found)


def settlement_lines(year: int, run: Run, rule: PayRule) -> list[Drafted]:
    """Everybody's settlement by the run; after an earlier one only who has a difference.

    Without a result what was advanced stays paid, and nothing is due.
    """
    paid, results = paid_by_person(year), results_of_people(run)
    for each in paid_lines(year, SheetKind.SETTLEMENT):
        paid[each.row.person_id].settled += each.line.due
    is_first = not PaySheet.objects.filter(year=year, kind=SheetKind.SETTLEMENT, state=PayState.PAID).exists()
    found = []
    for person, one in sorted(paid.items()):
        line = _year_line(one, results.get(person), rule)
        if is_first or line.due:
            found.append(Drafted(person, one.team_id, one.grade, line))
    return found


def _year_line(one: Paid, result: object, rule: PayRule) -> YearLine:
    score = getattr(result, "total", None)
    if score is None:
        earned = one.advanced + one.settled
        return YearLine(
            base=one.base,
            target=one.target,
            earned=earned,
            advanced=one.advanced,
            settled=one.settled,
        )
    factor = rule.table.factor(score)
    done = settle(one.target, factor, one.advanced, one.settled)
    return YearLine(
        base=one.base,
        target=one.target,
        score=score,
        rank=getattr(result, "rank", None),
        factor=factor,
        earned=done.earned,
        advanced=one.advanced,
        settled=one.settled,
        due=done.due,
    )

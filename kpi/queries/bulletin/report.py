"""Reading the frozen figures of a bulletin back: rows with their words and units, as pages, papers and the API show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.models import Bulletin, CardColour, TargetPeriod
from kpi.scoring.bulletin import change, running
from promotion.money import WAN, YI
from promotion.web.formats import number

ONE = Decimal(1)
#: code → (label, unit, what one unit is in the stored figure, decimals shown)
TOTAL_WORDS: Mapping[str, tuple[Any, Any, Decimal, int]] = {
    "signed": (gettext_lazy("签约项目"), gettext_lazy("个"), ONE, 0),
    "signed_amount": (gettext_lazy("签约认定额"), gettext_lazy("亿元"), YI, 2),
    "registered": (gettext_lazy("注册登记"), gettext_lazy("个"), ONE, 0),
    "started": (gettext_lazy("开工"), gettext_lazy("个"), ONE, 0),
    "completed": (gettext_lazy("竣工"), gettext_lazy("个"), ONE, 0),
    "produced": (gettext_lazy("投产"), gettext_lazy("个"), ONE, 0),
    "paid_in": (gettext_lazy("外资到账"), gettext_lazy("万美元"), WAN, 2),
    "fixed_asset": (gettext_lazy("固定资产投资"), gettext_lazy("亿元"), YI, 2),
    "win": (gettext_lazy("对上争取"), gettext_lazy("项"), ONE, 0),
}
NOW_WORDS: Mapping[str, Any] = {
    "active": gettext_lazy("在库项目"),
    "stalled": gettext_lazy("停滞项目"),
    "overdue": gettext_lazy("下一步逾期"),
    "yellow": gettext_lazy("黄牌堵点"),
    "red": gettext_lazy("红牌堵点"),
}
ALARMING = ("stalled", "red")


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as stored (元, 美元, pieces), as it is shown, and the list that sums to it."""

    value: Decimal
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One line of the main table; `change` against the same days of the year before as a ratio."""

    code: str
    label: str
    unit: str
    period: Told
    year: Told
    before: Told
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class TargetCell:
    """How far a team is with one target."""

    code: str
    title: str
    actual: Decimal
    target: Decimal
    unit: str
    progress: Decimal | None
    url: str


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A ranked team; `before` is its rank in the run before the period, `moved` the places gained since."""

    code: str
    name: str
    rank: int
    before: int | None
    total: Decimal
    url: str
    signed: Told
    signed_amount: Told
    targets: Sequence[TargetCell]

    @property
    def moved(self) -> int | None:
        return None if self.before is None else self.before - self.rank


@dataclass(frozen=True, slots=True)
class NowRow:
    """Something that stands on the day of taking."""

    code: str
    label: str
    value: int
    url: str

    @property
    def is_alarming(self) -> bool:
        return self.code in ALARMING and self.value > 0


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card of a team that was shown for the period."""

    name: str
    colour: str
    label: str
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class MonthRow:
    """The signings of a month (元), with the running total and the year before."""

    month: int
    signed: int
    amount: Decimal
    running: Decimal
    before: Decimal


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a bulletin says in figures."""

    period: str
    first: date
    last: date
    taken_at: str
    run: Mapping[str, Any] | None
    earlier_run: Mapping[str, Any] | None
    totals: Sequence[TotalRow]
    months: Sequence[MonthRow]
    teams: Sequence[TeamRow]
    now: Sequence[NowRow]
    cards: Sequence[CardRow] = ()
    people: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_cards(self) -> bool:
        return bool(self.cards or self.people.get("yellow") or self.people.get("red"))

    @property
    def heads(self) -> list[tuple[str, str]]:
        """The targets of the table of teams, by code and title, in the scheme's order."""
        return list(dict.fromkeys((cell.code, cell.title) for row in self.teams for cell in row.targets))

    def total(self, code: str) -> TotalRow:
        """One line of the main table."""
        return next(row for row in self.totals if row.code == code)


def read_report(bulletin: Bulletin) -> Report:
    """The figures as they were frozen."""
    return report_of(bulletin.period, bulletin.figures)


def report_of(period: str, figures: Mapping[str, Any]) -> Report:
    """Plain data as rows, with the words and formats of the reader's language."""
    totals = [_total(row) for row in figures["totals"]]
    return Report(
        period=period_words(period),
        first=date.fromisoformat(figures["period"][0]),
        last=date.fromisoformat(figures["period"][1]),
        taken_at=figures["taken_at"],
        run=figures["run"],
        earlier_run=figures["earlier_run"],
        totals=totals,
        months=_months(figures["months"]),
        teams=[_team(row) for row in figures["teams"]],
        now=[
            NowRow(row["code"], str(NOW_WORDS[row["code"]]), int(row["value"]), row["url"])
            for row in figures["now"]
        ],
        cards=[
            CardRow(
                row["name"], row["colour"], str(CardColour(row["colour"]).label), row["reason"], row["url"]
            )
            for row in figures["cards"]["teams"]
        ],
        people=figures["cards"]["people"],
    )


def _told(code: str, found: Mapping[str, str]) -> Told:
    _label, _unit, worth, places = TOTAL_WORDS[code]
    value = Decimal(found["value"])
    return Told(value, number(value / worth, places), found["url"])


def _total(row: Mapping[str, Any]) -> TotalRow:
    code = row["code"]
    label, unit, _worth, _places = TOTAL_WORDS[code]
    period, year, before = (_told(code, row[name]) for name in ("period", "year", "before"))
    return TotalRow(code, str(label), str(unit), period, year, before, change(year.value, before.value))


def _months(rows: Sequence[Mapping[str, Any]]) -> list[MonthRow]:
    sums = running([Decimal(row["amount"]) for row in rows])
    return [
        MonthRow(row["month"], int(row["signed"]), Decimal(row["amount"]), total, Decimal(row["before"]))
        for row, total in zip(rows, sums, strict=True)
    ]


def _team(row: Mapping[str, Any]) -> TeamRow:
    cells = [
        TargetCell(
            cell["code"],
            cell["title"],
            Decimal(cell["actual"]),
            Decimal(cell["target"]),
            cell["unit"],
            None if cell["progress"] is None else Decimal(cell["progress"]),
            cell["url"],
        )
        for cell in row["targets"]
    ]
    return TeamRow(
        code=row["code"],
        name=row["name"],
        rank=row["rank"],
        before=row["before"],
        total=Decimal(row["total"]),
        url=row["url"],
        signed=_told("signed", row["signed"]),
        signed_amount=_told("signed_amount", row["signed_amount"]),
        targets=cells,
    )


def title_of(bulletin: Bulletin) -> str:
    """2026年10月招商引资情况通报."""
    words = {"year": bulletin.year, "period": period_words(bulletin.period)}
    return _("%(year)s年%(period)s招商引资情况通报") % words


def period_words(period: str) -> str:
    """The period as it stands in a title: 11月, without the space that a list of periods has."""
    return str(TargetPeriod(period).label).replace(" 月", "月")


def changed_since(bulletin: Bulletin, now: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Which totals would be others today than they were frozen: label, then, now (facts are reversed and recognised later)."""
    held, fresh = read_report(bulletin), report_of(bulletin.period, now)
    found = []
    for row in held.totals:
        other = fresh.total(row.code)
        for name, then, today in (
            (_("本期"), row.period, other.period),
            (_("本年累计"), row.year, other.year),
        ):
            if then.value != today.value:
                found.append((f"{row.label}（{name}，{row.unit}）", then.text, today.text))
    return found

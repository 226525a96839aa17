"""Whether an input may be recorded: what is wrong with it in a sentence, the same for pages, workbooks and the API."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.models import InputKind
from kpi.queries.input_sheets import Asked, InputSheet, columns_for
from kpi.queries.roster import Assessed
from kpi.scoring.rounding import plain
from projects.models import Currency, Project
from staff.models import Person, Team

LARGEST = Decimal(10) ** 14
DIGITS = 8
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class InputRow:
    """One input to record; the fields are those of `AssessmentInput`.

    `seen` is what one read in its place when one began (`AssessmentInput.said`, empty for nothing); None records over
    whatever is there.
    """

    kind: str
    code: str = ""
    person: Person | None = None
    team: Team | None = None
    project: Project | None = None
    part: str = ""
    band: str = ""
    voter: str = ""
    option: str = ""
    value: Decimal | None = None
    author: str = ""
    reason: str = ""
    holds_from: date | None = None
    dated: date | None = None
    seen: str | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two inputs answer the same question, as `AssessmentInput.key`."""
        person = self.person.pk if self.person else None
        team = self.team.pk if self.team else None
        project = self.project.pk if self.project else None
        code = (self.kind, person, team, self.code, self.part, self.band, project, self.voter)
        return (*code, self.holds_from)


def fault_of(row: InputRow, asked: Asked) -> str:
    """What is wrong with a row, in a sentence; empty when it may be recorded."""
    if asked.scheme is None:
        return _("%(year)s 年还没有已发布的考核细则；请先发布细则，再录入。") % {"year": asked.year}
    if row.kind not in InputKind.values:
        return _("没有“%(kind)s”这种录入。") % {"kind": row.kind}
    sheet = sheet_of(row, asked)
    if sheet is None:
        return _nowhere(row, asked)
    return _lengths(row) or _subject(row, sheet, asked) or _CHECKS[sheet.kind](row, sheet, asked)


def sheet_of(row: InputRow, asked: Asked) -> InputSheet | None:
    """The sheet that asks for such an input; None when the year's scheme does not."""
    code = "" if row.kind in (InputKind.CATEGORY, InputKind.RATE) else row.code
    project = ":project" if row.project is not None else ""
    return asked.sheet(f"{row.kind}:{code}{project}")


def _nowhere(row: InputRow, asked: Asked) -> str:
    known = "、".join(
        f"{sheet.code or sheet.kind}（{sheet.title}）" for sheet in asked.sheets if sheet.kind == row.kind
    )
    label = InputKind(row.kind).label
    if not known:
        return _("%(year)s 年的细则不用%(kind)s。") % {"year": asked.year, "kind": label}
    words = {"kind": label, "code": row.code, "known": known}
    return _("细则没有这项%(kind)s“%(code)s”；可录入：%(known)s。") % words


def _lengths(row: InputRow) -> str:
    for text, most in ((row.voter, 40), (row.author, 40), (row.reason, 300)):
        if len(text) > most:
            return _("“%(text)s…”太长，最多 %(most)s 个字。") % {"text": text[:10], "most": most}
    if row.dated is not None and not FIRST_DAY <= row.dated <= timezone.localdate():
        return _("评定日期 %(day)s 不可能；请核对。") % {"day": row.dated.isoformat()}
    if row.value is None:
        return ""
    if not row.value.is_finite() or abs(row.value) >= LARGEST or row.value != round(row.value, DIGITS):
        return _("数值不能超过十四位，最多八位小数；请核对单位。")
    return ""


def assessed_one(row: InputRow, asked: Asked) -> Assessed | None:
    """The subject of the row among those assessed in the year."""
    key = ("person", row.person.pk) if row.person else ("team", row.team.pk) if row.team else None
    return next((one for one in asked.subjects if one.key == key), None)


def _subject(row: InputRow, sheet: InputSheet, asked: Asked) -> str:
    if sheet.kind == InputKind.RATE:
        return _("汇率不属于任何人或团队。") if row.person or row.team else ""
    if (row.person is None) == (row.team is None):
        return _("录入必须属于一个人或一个团队，不能两者都是。")
    one = assessed_one(row, asked)
    name = row.person.name if row.person else row.team.name if row.team else ""
    if one is None:
        return _("%(name)s 在 %(year)s 年不参评。") % {"name": name, "year": asked.year}
    if not asked.concerns(sheet, one):
        return _("“%(title)s”不适用于%(name)s。") % {"title": sheet.title, "name": name}
    return ""


def _rating(row: InputRow, sheet: InputSheet, asked: Asked) -> str:
    panels = {panel.code: panel.title for panel in sheet.panels}
    if row.part not in panels:
        known = "、".join(f"{code}（{title}）" for code, title in panels.items())
        return _("没有评议组“%(part)s”；可填：%(known)s。") % {"part": row.part, "known": known}
    if not row.voter:
        return _("请写明评分人。")
    scale = sheet.rating.scale if sheet.rating else Decimal(0)
    if row.value is not None and not 0 <= row.value <= scale:
        return _("评分 %(mark)s 不在 0 至 %(most)s 分之内。") % {
            "mark": plain(row.value),
            "most": plain(scale),
        }
    return ""


def _choice(row: InputRow, sheet: InputSheet, asked: Asked) -> str:
    if row.value is None:
        return _("请填写酌定的分值。")
    if sheet.choice is not None and not sheet.choice.least <= row.value <= sheet.choice.most:
        words = {
            "points": plain(row.value),
            "least": plain(sheet.choice.least),
            "most": plain(sheet.choice.most),
        }
        return _("酌定 %(points)s 分，不在 %(least)s 至 %(most)s 分之内。") % words
    if not row.author:
        return _("请写明由谁酌定。")
    return "" if row.reason else _("请写明酌定的理由。")


def _category(row: InputRow, sheet: InputSheet, asked: Asked) -> str:
    known = asked.scheme.categories if asked.scheme else {}
    if row.option not in known:
        listed = "、".join(f"{code}（{title}）" for code, title in known.items())
        return _("没有类别“%(option)s”；可填：%(known)s。") % {"option": row.option, "known": listed}
    if row.holds_from is None:
        return _("请写明类别从哪一天起。")
    if not FIRST_DAY <= row.holds_from <= date(asked.year, 12, 31):
        return _("起始日 %(day)s 不在 %(year)s 年末之前；请核对。") % {
            "day": row.holds_from.isoformat(),
            "year": asked.year,
        }
    return ""


def _measure(row: InputRow, sheet: InputSheet, asked: Asked) -> str:
    one = assessed_one(row, asked)
    columns = {(column.part, column.band): column for column in (columns_for(sheet, one) if one else ())}
    if (row.part, row.band) not in columns:
        return _not_reported(row, sheet, {part for part, _band in columns})
    return _("请填写数值。") if row.value is None else ""


def _not_reported(row: InputRow, sheet: InputSheet, reported: set[str]) -> str:
    measures = {code: one for owner in sheet.owners for code, one in owner.measures.items()}
    if row.part in reported:
        known = "、".join(f"{band.code}（{band.title}）" for band in measures[row.part].bands)
        return _("“%(title)s”没有这一档；可填：%(known)s。") % {
            "title": measures[row.part].title,
            "known": known or _("不分档"),
        }
    if row.part in measures:
        return _("“%(title)s”由系统从业绩计量，不必填报。") % {"title": measures[row.part].title}
    known = "、".join(f"{code}（{measures[code].title}）" for code in measures if code in reported)
    return _("没有度量“%(part)s”；可填：%(known)s。") % {"part": row.part, "known": known}


def _rate(row: InputRow, sheet: InputSheet, asked: Asked) -> str:
    currencies = [code for code in Currency.values if code != Currency.CNY]
    if row.code not in currencies:
        words = {"code": row.code, "known": "、".join(currencies)}
        return _("没有币种“%(code)s”；可填：%(known)s。") % words
    if row.holds_from is None or not FIRST_DAY <= row.holds_from <= timezone.localdate():
        return _("请写明汇率的日期，不能晚于今天。")
    if row.value is None or row.value <= 0:
        return _("汇率必须大于 0：1 %(code)s 合多少元人民币。") % {"code": row.code}
    return ""


_CHECKS = {
    InputKind.RATING: _rating,
    InputKind.CHOICE: _choice,
    InputKind.CATEGORY: _category,
    InputKind.MEASURE: _measure,
    InputKind.RATE: _rate,
}

"""A bulletin on paper in Chinese: PDF with a red head and drawn charts, and Word with the same sections and charts as pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kpi.models import Bulletin, BulletinState
from kpi.queries.bulletin.report import Report, TargetCell, read_report, title_of
from kpi.queries.bulletin.words import card_words, now_words, opening_words, team_words
from promotion.money import YI
from promotion.papers import render_paper, render_picture
from promotion.papers.layouts import Column, Layout, Part, chinese_day, written
from promotion.web.formats import NOTHING, number, percent, places_moved

#: Makes a path of the product into an address that a printed link can hold.
Address = Callable[[str], str]
TICKS = 4


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the paper: sentences, a table of (text, path) cells with the proportions of its columns, charts."""

    title: str
    paragraphs: Sequence[str]
    heads: Sequence[str] = ()
    widths: Sequence[int] = ()
    rows: Sequence[Sequence[tuple[str, str]]] = ()
    note: str = ""
    charts: Sequence[dict[str, Any]] = field(default_factory=list)


def bulletin_name(bulletin: Bulletin) -> str:
    """The file's name without its ending."""
    with translation.override(settings.LANGUAGE_CODE):
        number_words = (
            _("（第%(number)s期）") % {"number": bulletin.number} if bulletin.number else _("（草稿）")
        )
        return title_of(bulletin) + number_words


def bulletin_paper(bulletin: Bulletin, address: Address) -> bytes:
    """The PDF; each figure links to its list."""
    with translation.override(settings.LANGUAGE_CODE):
        head = _head(bulletin)
        parts = [_part(one, address) for one in sections(bulletin)]
        return render_paper("bulletin", {**head, "parts": parts})


def bulletin_document(bulletin: Bulletin) -> bytes:
    """The Word document."""
    with translation.override(settings.LANGUAGE_CODE):
        head = _head(bulletin)
        parts = [Part(paragraphs=head["lead"])] if head["lead"] else []
        for one in sections(bulletin):
            parts += _word_parts(one)
        layout = Layout(
            title=head["title"],
            body=head["body"],
            parts=parts,
            number=head["number"],
            dated_on=_dated_on(bulletin),
            masthead=head["masthead"],
            distribution=[
                *map(tuple, head["distribution"]),
                (_("印发"), f"{head['body']}　{head['issued_words']}"),
            ],
        )
        return written(layout, "docx")


def _dated_on(bulletin: Bulletin) -> Any:
    return localdate(bulletin.issued_at or bulletin.drafted_at)


def _head(bulletin: Bulletin) -> dict[str, Any]:
    """Head and foot: the name in red, number, date, the editor's note, to whom it goes."""
    stamps = {
        BulletinState.DRAFT: _("草稿，未印发"),
        BulletinState.WITHDRAWN: _("已撤回"),
        BulletinState.ISSUED: "",
    }
    body, dated = str(bulletin.get_body_name_display()), chinese_day(_dated_on(bulletin))
    lines = ((_("报送"), bulletin.sent_to), (_("抄送"), bulletin.copied_to))
    return {
        "masthead": _("招商引资通报"),
        "title": title_of(bulletin),
        "body": body,
        "issuer": body,
        "number": _("第 %(number)s 期") % {"number": bulletin.number} if bulletin.number else "",
        "dated_on": dated,
        "stamp": stamps[BulletinState(bulletin.state)],
        "lead": [line.strip() for line in bulletin.lead.splitlines() if line.strip()],
        "distribution": [[label, names] for label, names in lines if names],
        "issued_words": _("%(day)s印发") % {"day": dated},
    }


def sections(bulletin: Bulletin) -> list[Section]:
    """The sections in the words of the present language."""
    report = read_report(bulletin)
    found = [
        Section(
            _("一、总体情况"),
            opening_words(report),
            heads=[_("指标"), report.period, _("本年累计"), _("上年同期"), _("同比")],
            widths=[5, 3, 3, 3, 2],
            rows=_total_rows(report),
            charts=[_month_chart(report)],
        ),
        _team_section(report),
        Section(_("三、亮牌"), card_words(report)),
        Section(_("四、堵点与慢项目"), now_words(report)),
    ]
    outlook = [line.strip() for line in bulletin.outlook.splitlines() if line.strip()]
    return [*found, Section(_("五、下步工作"), outlook)] if outlook else found


def _total_rows(report: Report) -> list[list[tuple[str, str]]]:
    return [
        [
            (f"{row.label}（{row.unit}）", ""),
            *((told.text, told.url) for told in (row.period, row.year, row.before)),
            (NOTHING if row.change is None else percent(row.change, 1), ""),
        ]
        for row in report.totals
    ]


def _team_section(report: Report) -> Section:
    heads = [_("名次"), _("升降"), _("团队"), _("总分"), _("签约（个）"), _("签约额（亿元）")]
    rows = [
        [
            (str(row.rank), ""),
            (places_moved(row.moved), ""),
            (row.name, row.url),
            (number(row.total), row.url),
            (row.signed.text, row.signed.url),
            (row.signed_amount.text, row.signed_amount.url),
            *(_target({cell.code: cell for cell in row.targets}.get(code)) for code, _title in report.heads),
        ]
        for row in report.teams
    ]
    words = {"n": (report.run or {}).get("number"), "day": (report.run or {}).get("as_of")}
    note = _("名次和完成率取自第 %(n)s 次核算（截至 %(day)s）；完成率对全年目标；签约为本期。") % words
    return Section(
        _("二、各队进度"),
        team_words(report),
        heads=[*heads, *(title for _code, title in report.heads)] if rows else (),
        widths=[4, 4, 12, 6, 6, 7, *(7 for _head in report.heads)] if rows else (),
        rows=rows,
        note=note if rows else "",
        charts=[_points_chart(report)] if rows else [],
    )


def _target(cell: TargetCell | None) -> tuple[str, str]:
    return (NOTHING, "") if cell is None else (percent(cell.progress), cell.url)


def nice_top(largest: Decimal) -> Decimal:
    """The end of an axis: the next of 1, 2, 4, 5, 8, 10 times a power of ten; 1 where nothing is to be drawn."""
    if largest <= 0:
        return Decimal(1)
    power = Decimal(10) ** (largest.adjusted())
    steps = (Decimal(step) for step in (1, 2, 4, 5, 8, 10))
    lead = (largest / power).quantize(Decimal("0.000001"), rounding=ROUND_CEILING)
    return next(step for step in steps if lead <= step) * power


def _ticks(top: Decimal) -> list[dict[str, Any]]:
    values = [top * place / TICKS for place in range(TICKS + 1)]
    places = max(0, *(-int(value.normalize().as_tuple().exponent) for value in values))
    return [{"value": float(value), "label": number(value, places)} for value in values]


def _month_chart(report: Report) -> dict[str, Any]:
    """Signings of each month beside those of the year before, with the running total as a line; in 亿元."""
    own, before = [row.amount / YI for row in report.months], [row.before / YI for row in report.months]
    total = [row.running / YI for row in report.months]
    top, line_top = nice_top(max([*own, *before])), nice_top(max(total))
    chart = {
        "labels": [_("%(month)s月") % {"month": row.month} for row in report.months],
        "series": [
            {"name": _("本年"), "values": [float(value) for value in own]},
            {"name": _("上年"), "values": [float(value) for value in before]},
        ],
        "line": {
            "name": _("本年累计（右轴）"),
            "values": [float(value) for value in total],
            "top": float(line_top),
            "ticks": _ticks(line_top),
        },
        "top": float(top),
        "ticks": _ticks(top),
    }
    return {"kind": "columns", "title": _("逐月签约认定额（亿元）"), "chart": chart}


def _points_chart(report: Report) -> dict[str, Any]:
    """Totals of the teams; a negative one has no bar."""
    rows = [
        {"name": row.name, "value": max(float(row.total), 0.0), "text": number(row.total)}
        for row in report.teams
    ]
    top = nice_top(max(row.total for row in report.teams))
    return {"kind": "bars", "title": _("团队总分"), "chart": {"rows": rows, "top": float(top)}}


def _part(one: Section, address: Address) -> dict[str, Any]:
    return {
        "title": one.title,
        "paragraphs": list(one.paragraphs),
        "heads": list(one.heads),
        "widths": list(one.widths),
        "ends": _ends(one),
        "rows": [
            [{"text": text, "url": address(path) if path else ""} for text, path in row] for row in one.rows
        ],
        "note": one.note,
        "charts": list(one.charts),
    }


def _ends(one: Section) -> list[bool]:
    """Which columns stand at the right edge: all but those of names."""
    names = (_("指标"), _("团队"))
    return [head not in names for head in one.heads]


def _word_parts(one: Section) -> list[Part]:
    columns = [
        Column(head, width, "exact" if at_end else "text")
        for head, width, at_end in zip(one.heads, one.widths, _ends(one), strict=True)
    ]
    rows = [[text for text, _path in row] for row in one.rows]
    found = [Part(title=one.title, paragraphs=one.paragraphs, columns=columns, rows=rows, note=one.note)]
    for chart in one.charts:
        picture = render_picture("chart", {"kind": chart["kind"], "chart": chart["chart"]})
        found.append(Part(picture=picture, picture_words=chart["title"]))
    return found

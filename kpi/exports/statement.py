"""Statements as official papers in Chinese: one PDF for one or many, or an archive that is written while it is sent."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.exports.sink import Sink
from kpi.models import Item, LedgerLine, Run, Standing
from kpi.queries.explain import ExplainedLine, Explanation
from kpi.queries.peers import Comparison
from kpi.queries.standing_words import (
    gate_rows,
    movement_words,
    outcome_facts,
    place_words,
    signature_words,
    stage_words,
    subject_facts,
)
from kpi.queries.statement import Statement, statements_of
from kpi.queries.uncounted import Uncounted
from promotion.money import WAN
from promotion.papers import render_paper
from promotion.web.formats import NOTHING, day, exact, moment, number, percent
from staff.models import Account

#: How many statements are read and drawn at a time.
BATCH = 10
#: What the figures of an indicator are in, by the field that it measures; 万元 for all else.
UNITS = {"amount_usd": gettext_lazy("万美元"), "people": gettext_lazy("人")}
#: Makes a path of the product into an address that a printed link can hold.
Address = Callable[[str], str]


def paper_name(standing: Standing) -> str:
    """The file's name."""
    run = standing.run
    words = {"name": standing.subject_name, "year": run.year, "number": run.number}
    return _("%(year)s年考核对账单_%(name)s_第%(number)s次核算.pdf") % words


def archive_name(run: Run, title: str, ending: str) -> str:
    words = {"group": title, "year": run.year, "number": run.number}
    return _("%(year)s年考核对账单_%(group)s_第%(number)s次核算") % words + f".{ending}"


def statement_paper(actor: Account, run: Run, standings: Sequence[Standing], address: Address) -> bytes:
    """One PDF of the statements of these standings, each with page numbers of its own."""
    with translation.override(settings.LANGUAGE_CODE):
        return _paper(statements_of(actor, run, standings), address)


def _paper(statements: Sequence[Statement], address: Address) -> bytes:
    data = {
        "title": _("考核对账单"),
        "body": str(settings.BODY_NAMES[0]),
        "statements": [statement_data(one, address) for one in statements],
    }
    return render_paper("statement", data)


def statement_archive(
    actor: Account, run: Run, standings: Sequence[Standing], address: Address
) -> Iterator[bytes]:
    """A ZIP with one PDF per subject, given out batch by batch: no more than a batch is ever in memory."""
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for start in range(0, len(standings), BATCH):
            with translation.override(settings.LANGUAGE_CODE):
                papers = _papers(actor, run, standings[start : start + BATCH], address)
            for name, paper in papers:
                archive.writestr(zipfile.ZipInfo(name, run.as_of.timetuple()[:6]), paper)
            yield sink.taken()
    yield sink.taken()


def _papers(
    actor: Account, run: Run, standings: Sequence[Standing], address: Address
) -> list[tuple[str, bytes]]:
    """A file for each, named by rank and subject."""
    return [
        (f"{one.standing.rank:03d}_{paper_name(one.standing)}".replace("/", "-"), _paper([one], address))
        for one in statements_of(actor, run, standings)
    ]


def statement_data(one: Statement, address: Address) -> dict[str, Any]:
    """Everything the paper shows, in words."""
    standing, run = one.standing, one.run
    return {
        "title": _("%(name)s %(year)s 年度考核对账单") % {"name": standing.subject_name, "year": run.year},
        "subject": standing.subject_name,
        "run": _("%(year)s 年第 %(number)s 次核算") % {"year": run.year, "number": run.number},
        "fingerprint": run.fingerprint,
        "facts": [
            *([label, value] for label, value in (*subject_facts(standing), *outcome_facts(standing))),
            [_("核算批次"), _("%(year)s 年第 %(number)s 次") % {"year": run.year, "number": run.number}],
            [_("截至"), f"{day(run.as_of)}（{moment(run.finished_at)}）"],
        ],
        "total": number(standing.total),
        "rank": place_words(standing, one.group, tied=one.tied),
        "movement": movement_words(standing),
        "scheme": str(run.scheme),
        "scheme_url": address(reverse("kpi:scheme", args=[run.scheme.public_id])),
        "rounding": one.rounding_words,
        "gates": [list(row) for row in gate_rows(standing)],
        "parts": [_part(part, address) for part in one.parts],
        "uncounted": [
            *({"name": title, "on": NOTHING, "reason": note, "url": ""} for title, note in one.notes),
            *(_excluded(line, address) for line in one.uncounted_lines),
            *(_uncounted(fact, address) for fact in one.uncounted_facts),
            *(_unread(kind, count) for kind, count in one.unread_kinds),
        ],
        "signatures": list(signature_words(is_person=standing.person_id is not None)),
    }


def _part(part: Explanation, address: Address) -> dict[str, Any]:
    item = part.item
    measures = part.indicator.measures.values() if part.indicator is not None else ()
    fields = {definition.field for definition in measures}
    field = next((one for one in UNITS if one in fields), "amount")
    sum_words = (
        _("合计（按项目计分，各行按份额；封顶、取舍之前）")
        if part.unit == "project"
        else _("合计（封顶、取舍之前）")
    )
    return {
        "title": item.title,
        "clause": item.clause,
        "formula": item.explanation or NOTHING,
        "full_marks": exact(item.full_marks, 2),
        "points": _points(item),
        "words": f"{part.words.rule}（{part.words.limits}）" if part.words else "",
        "unit": str(UNITS.get(field, _("万元"))),
        "lines": [_line(one, item, address, field) for one in part.counted],
        "base": exact(part.base) if part.unit and part.base else "",
        "sum": exact(part.counted_points) if part.unit and part.counted else "",
        "sum_words": sum_words,
        "stages": [list(row) for row in stage_words(part.stages)],
        "comparison": _comparison(part.comparison),
        "uncounted": [
            *({"name": item.title, "on": NOTHING, "reason": note, "url": ""} for note in part.notes),
            *(_excluded(line, address) for line in part.excluded),
            *(_uncounted(fact, address) for fact in part.uncounted),
        ],
    }


def _points(item: Item) -> str:
    return number(item.points) if item.status == Item.Status.SCORED else str(item.get_status_display())


def _line_address(line: LedgerLine, address: Address) -> str:
    return address(reverse("kpi:ledger-line", args=[line.pk]))


def _shared(line: LedgerLine, field: str) -> tuple[Decimal | None, Decimal]:
    """The whole of the fact and the line's part of it, in the unit of `field`."""
    if field == "people":
        whole = None if line.full_people is None else Decimal(line.full_people)
        return whole, (whole or Decimal(0)) * line.share
    full, amount = (
        (line.full_amount_usd, line.amount_usd) if field == "amount_usd" else (line.full_amount, line.amount)
    )
    return None if full is None else full / WAN, amount / WAN


def _line(one: ExplainedLine, item: Item, address: Address, field: str) -> dict[str, Any]:
    line = one.line
    full, amount = _shared(line, field)
    return {
        "on": day(line.happened_on),
        "name": one.name,
        "kind": str(line.achievement.get_kind_display()),
        "papers": len(line.achievement.evidence),  # type: ignore[attr-defined]
        "line": line.pk,
        "url": _line_address(line, address),
        "full": NOTHING if full is None else exact(full),
        "person": "" if item.standing.person_id else line.person.name,
        "role": line.role_label,
        "share": percent(line.share, 2),
        "amount": NOTHING if full is None else exact(amount, 8),
        "points": NOTHING if one.points is None else exact(one.points),
    }


def _excluded(one: ExplainedLine, address: Address) -> dict[str, str]:
    line = one.line
    kind, held = str(line.achievement.get_kind_display()), f"{line.role_label} {percent(line.share, 2)}"
    return {
        "name": f"{one.name} {kind}（{held.strip()}）",
        "on": day(one.line.happened_on),
        "reason": one.reason,
        "url": _line_address(one.line, address),
    }


def _uncounted(one: Uncounted, address: Address) -> dict[str, str]:
    return {
        "name": f"{one.name} {one.achievement.get_kind_display()}",
        "on": day(one.achievement.happened_on),
        "reason": one.reason,
        "url": address(reverse("projects:achievement", args=[one.achievement.public_id])),
    }


def _unread(kind: str, count: int) -> dict[str, str]:
    """One row for all lines of a kind that no item reads."""
    name = _("%(kind)s（%(count)s 条）") % {"kind": kind, "count": count}
    return {"name": name, "on": NOTHING, "reason": _("细则没有计这类业绩的指标。"), "url": ""}


def _comparison(found: Comparison | None) -> list[str]:
    """What a relative rule compared with, one line a figure."""
    if found is None:
        return []
    sentence = _(
        "同组 %(size)s 个对象比较“%(title)s”（%(unit)s）：本对象 %(own)s，最低 %(least)s，最高 %(most)s，从高到低第 %(place)s。"
    )
    return [
        sentence
        % {
            "size": found.size,
            "title": one.title,
            "unit": one.unit,
            "own": exact(one.own),
            "least": exact(one.least),
            "most": exact(one.most),
            "place": one.place,
        }
        for one in found.figures
    ]

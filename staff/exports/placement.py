"""Letters of appointment as PDF, one or all, and the list of a round as a workbook."""

import io
import zipfile
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from promotion.papers import render_paper
from promotion.web.workbooks import Sheet, SheetColumn
from staff.models import BodyName, Competition, Placement

# The same bytes for the same letters, whenever they are packed.
PACKED = (2026, 1, 1, 0, 0, 0)


def letter_of(placement: Placement, body_name: str = "") -> bytes:
    """The letter (聘书), under the round's name of the body or the other one. An official paper is in Chinese."""
    competition, post, appointment = placement.competition, placement.post, placement.appointment
    if appointment is None:
        raise ValueError("the round is not carried out")
    body = BodyName(body_name if body_name in BodyName.values else competition.body_name)
    with translation.override(settings.LANGUAGE_CODE):
        data = {
            "number": letter_number(placement),
            "name": placement.application.person.name,
            "title": "同志",
            "round": competition.name,
            "competition": competition.number,
            "team": post.team.name,
            "grade": str(post.get_grade_display()),
            "leads": "（队长）" if post.leads else "",
            "from": written(appointment.starts_on),
            "until": written((appointment.ends_on or appointment.starts_on) - timedelta(days=1)),
            "body": str(body.label),
            "on": written(appointment.starts_on),
        }
    return render_paper("appointment_letter", data)


def letter_number(placement: Placement) -> str:
    """The round's number with the place of the seat in it."""
    return f"{placement.competition.number}-{placement.post.position:02}{placement.seat:02}"


def written(day: date) -> str:
    """The day as an official paper writes it."""
    return f"{day.year}年{day.month}月{day.day}日"


def letters_archive(placements: Iterable[Placement], body_name: str = "") -> bytes:
    """All letters in one ZIP file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in placements:
            name = f"{letter_number(each)}-{each.application.person.name}.pdf"
            archive.writestr(zipfile.ZipInfo(name, PACKED), letter_of(each, body_name))
    return stream.getvalue()


def placement_sheet(competition: Competition, placements: Iterable[Any]) -> Sheet:
    """Who gets which post, one a row."""
    columns = [
        SheetColumn(_("团队"), "text", 22),
        SheetColumn(_("级别"), "text", 16),
        SheetColumn(_("外语"), "text", 10),
        SheetColumn(_("队长"), "text", 8),
        SheetColumn(_("工号"), "text", 10),
        SheetColumn(_("姓名"), "text", 10),
        SheetColumn(_("按排名建议"), "text", 12),
        SheetColumn(_("理由"), "text", 50),
    ]
    rows = [
        [
            each.post.team.name, str(each.post.get_grade_display()), each.post.language, each.post.leads,
            each.application.person.staff_number, each.application.person.name, each.is_proposed, each.reason,
        ]
        for each in placements
    ]  # fmt: skip
    return Sheet(name=_("拟聘名单"), title=competition.name, columns=columns, rows=rows, freeze_columns=2)

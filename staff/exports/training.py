"""The attendance of a session as a sheet that is filled in elsewhere and read back."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from promotion.web.workbooks import Sheet, SheetColumn
from staff.models import EnrolmentState, TrainingSession
from staff.queries.training import TeamGaps

# Headings are the format of the import and are not translated.
NUMBER, CAME = "工号", "到场"


def attendance_sheet(session: TrainingSession, enrolled: Iterable[Any]) -> Sheet:
    """Whoever has a seat, with a column for whether he came."""
    when = timezone.localtime(session.starts_at)
    return Sheet(
        name=_("签到表"),
        title=session.course.title,
        note=f"{when:%Y-%m-%d %H:%M} · {session.room} · {session.teacher}",
        columns=[
            SheetColumn(NUMBER, width=12),
            SheetColumn("姓名", width=12),
            SheetColumn("团队", width=22),
            SheetColumn(CAME, width=8),
            SheetColumn("签名", width=18),
        ],
        rows=[
            [row.person.staff_number, row.person.name, row.team_name, row.attended, ""]
            for row in enrolled
            if row.state == EnrolmentState.ENROLLED
        ],
        landscape=False,
    )


def gaps_sheets(teams: Iterable[TeamGaps]) -> list[Sheet]:
    """Who lacks how many credits of which field."""
    columns = [
        SheetColumn(_("团队"), width=22),
        SheetColumn(_("姓名"), width=12),
        SheetColumn(_("领域"), width=14),
        SheetColumn(_("还差学分"), "number", 12, "0.0"),
    ]
    rows = [
        [each.team.name, lack.person.name, str(gap.field.label), lack.credits]
        for each in teams
        for gap in each.gaps
        for lack in gap.lacks
    ]
    return [Sheet(name=_("学分缺口"), columns=columns, rows=rows)]

"""How a project of a supervised drive stands: progress by facts, and the lamp with its cause. Pure: no database, no clock.

The lamp compares what has been reached with an even course from the day the project joined to its due day.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from projects.workflow import ORDER, Stage

# Assumptions, as no source gives them: how far a project may lag behind an even course before its lamp changes.
YELLOW_LAG = Decimal(10)
RED_LAG = Decimal(30)
WHOLE = Decimal(100)
# What is reached but not recognised is not done.
UNRECOGNISED = 99


class Lamp(TextChoices):
    """How a project of a drive stands (亮灯)."""

    GREEN = "green", _("绿灯")
    YELLOW = "yellow", _("黄灯")
    RED = "red", _("红灯")


class Cause(TextChoices):
    """Why the lamp shows what it shows (亮灯原因); the words are said by `projects.queries.drive`."""

    DONE = "done", _("已完成")
    STOPPED = "stopped", _("项目停办")
    OVERDUE = "overdue", _("已过期限")
    FAR_BEHIND = "far_behind", _("明显落后")
    BEHIND = "behind", _("进度落后")
    SILENT = "silent", _("逾期未填报")
    UNRECOGNISED = "unrecognised", _("里程碑待认定")
    ON_COURSE = "on_course", _("按计划推进")


def progress_by_facts(base: str, now: str, target: str, *, recognised: bool = True) -> int:
    """Percent of the stages from `base` (where it stood on joining) to `target` that the project has passed.

    A target that is reached counts as whole only when its milestone is recognised; falling back gives nothing below 0.
    """
    start, here, end = (ORDER.index(Stage(each)) for each in (base, now, target))
    if here >= end:
        return int(WHOLE) if recognised else UNRECOGNISED
    return max(0, (here - start) * 100 // (end - start)) if end > start else 0


def expected_progress(starts_on: date, due_on: date, today: date) -> Decimal:
    """How many percent would be even, were the work spread over the days from joining to the due day."""
    length = (due_on - starts_on).days
    if length <= 0 or today >= due_on:
        return WHOLE
    return max(WHOLE * (today - starts_on).days / length, Decimal(0))


def check_in_due(last: date | None, starts_on: date, days: int) -> date:
    """The day by which the next check-in is to be there."""
    return (last or starts_on) + timedelta(days=days)


def judged_lamp(
    *,
    starts_on: date,
    due_on: date,
    progress: int,
    today: date,
    next_check_in: date,
    reached: bool = False,
    stopped: bool = False,
) -> tuple[Lamp, Cause]:
    """The lamp and why: the worst cause first. `reached` without whole progress waits for recognition; `stopped`: not worked on.

    Red when the project is stopped, past its day, or 30 points behind; yellow when 10 points behind, when the check-in
    that was due is not there, or when only the recognition is lacking; else green.
    """
    if progress >= WHOLE:
        return Lamp.GREEN, Cause.DONE
    if stopped:
        return Lamp.RED, Cause.STOPPED
    if reached:
        return Lamp.YELLOW, Cause.UNRECOGNISED
    if today > due_on:
        return Lamp.RED, Cause.OVERDUE
    lag = expected_progress(starts_on, due_on, today) - progress
    if lag >= RED_LAG:
        return Lamp.RED, Cause.FAR_BEHIND
    if lag >= YELLOW_LAG:
        return Lamp.YELLOW, Cause.BEHIND
    if today > next_check_in:
        return Lamp.YELLOW, Cause.SILENT
    return Lamp.GREEN, Cause.ON_COURSE

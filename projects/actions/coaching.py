"""Pre-coaching: open the checklist before building begins, keep the advice, tick what is done."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import reviews as access
from projects.actions.moves import permit_change
from projects.actions.review_parts import LONG, fitting, locked_row, save_row, words, working_project
from projects.models import Checklist, CoachingItem, Project
from projects.queries.gates import topics_of
from promotion.action import action, check_version, record
from promotion.errors import Refused
from staff.models import Account


@action("coaching.open", gettext_lazy("开始前置辅导"))
def open_coaching(*, actor: Account, project: Project) -> list[CoachingItem]:
    """Copy the checklist of the project's class; lines that are there already stay as they are."""
    locked = working_project(actor, project)
    topics = topics_of(Checklist.COACHING, locked.project_class, timezone.localdate())
    if not topics:
        raise Refused(
            _("“%(class)s”项目还没有前置辅导清单；请分管领导在“前置关口”里配置。")
            % {"class": locked.get_project_class_display()}
        )
    there = set(locked.coaching.values_list("title", flat=True))
    added = [
        CoachingItem(
            project=locked,
            title=each.title,
            guidance=each.guidance,
            department=each.department,
            position=place,
        )
        for place, each in enumerate(topics, start=1)
        if each.title not in there
    ]
    if not added:
        raise Refused(_("前置辅导清单已经在了。"))
    CoachingItem.objects.bulk_create(added)
    record(
        actor=actor, verb="coaching.open", target=locked, detail={"topics": [each.title for each in added]}
    )
    return added


@action("coaching.record", gettext_lazy("登记前置辅导"))
def record_coaching(
    *,
    actor: Account,
    item: CoachingItem,
    advice: str = "",
    advised_on: date | None = None,
    done_on: date | None = None,
    is_needed: bool = True,
    seen: int | None = None,
) -> CoachingItem:
    """Keep what the department advised and when the matter was done, or why it is not needed."""
    locked = locked_row(access.coaching_visible_to(actor), item)
    permit_change(actor, locked.project)
    check_version(seen=seen, current=locked)
    today = timezone.localdate()
    for name, day in (("advised_on", advised_on), ("done_on", done_on)):
        if day and day > today:
            raise Refused(_("日期还没有到。"), fields={name: _("日期还没有到。")})
    if done_on and advised_on and done_on < advised_on:
        sentence = _("办结日期不能早于辅导日期。")
        raise Refused(sentence, fields={"done_on": sentence})
    if not is_needed:
        words(advice, "advice", _("不适用的事项请写明理由。"), longest=LONG)
    elif advised_on or done_on:
        words(advice, "advice", _("请写明部门的辅导意见。"), longest=LONG)
    locked.advice, locked.advised_on = fitting(advice, "advice", longest=LONG), advised_on
    locked.done_on, locked.is_needed = (done_on if is_needed else None), is_needed
    locked.recorded_by = actor
    save_row(locked, "advice", "advised_on", "done_on", "is_needed", "recorded_by")
    record(
        actor=actor,
        verb="coaching.record",
        target=locked.project,
        detail={
            "topic": locked.title,
            "advised_on": str(advised_on or ""),
            "done_on": str(locked.done_on or ""),
            "is_needed": is_needed,
        },
    )
    return locked

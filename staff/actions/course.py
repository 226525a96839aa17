"""What is taught and what a grade is to earn (课程, 学分要求)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, check_version, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access.training import can_keep_training, courses_visible_to
from staff.models import Account, Course, CreditRequirement, Grade, TrainingField

FIELDS = ("title", "field", "grade", "hours", "credits", "summary", "is_open")


@action("course.add", gettext_lazy("开设课程"))
def add_course(
    *,
    actor: Account,
    title: str,
    field: str,
    hours: Decimal,
    credits: Decimal,  # noqa: A002 the word of the field
    grade: str = "",
    summary: str = "",
    is_open: bool = True,
) -> Course:
    """Enter a course. Raises Conflict for a title that is taken, Refused for what cannot be."""
    _permit(actor)
    given = {
        "title": title.strip(),
        "field": field,
        "grade": grade,
        "hours": hours,
        "credits": credits,
        "summary": summary.strip(),
        "is_open": is_open,
    }
    _check(given)
    course = Course.objects.create(**given)
    record(actor=actor, verb="course.add", target=course, detail=_words(given))
    return course


@action("course.change", gettext_lazy("修改课程"))
def change_course(*, actor: Account, course: Course, seen: int | None = None, **changes: Any) -> Course:
    """Change what the course says; credits that were earned stay as they were. `seen` is the version the form was drawn from."""
    _permit(actor)
    found = courses_visible_to(actor).select_for_update().filter(pk=course.pk).first()
    if found is None:
        raise NotFound(_("没有这门课程。"))
    check_version(seen=seen, current=found)
    given = {name: getattr(found, name) for name in FIELDS} | changes
    _check(given)
    differing = {name: value for name, value in changes.items() if getattr(found, name) != value}
    for name, value in differing.items():
        setattr(found, name, value)
    if differing:
        found.version += 1
        found.save(update_fields=[*differing, "version"])
        record(actor=actor, verb="course.change", target=found, detail=_words(differing))
    return found


@action("training.require", gettext_lazy("设定学分要求"))
def require_credits(
    *,
    actor: Account,
    grade: str,
    field: str,
    credits: Decimal,  # noqa: A002 the word of the field
    holds_from: date,
) -> CreditRequirement:
    """From the day on the grade is to earn so many credits of the field in a year; 0 asks for none.

    Raises Refused for a day that has passed, Conflict when the day has a requirement already.
    """
    _permit(actor)
    wrong = {}
    if grade not in Grade.values:
        wrong["grade"] = _("请选择级别。")
    if field not in TrainingField.values:
        wrong["field"] = _("请选择领域。")
    if not 0 <= credits <= 200:
        wrong["credits"] = _("学分要在 0 到 200 之间。")
    if holds_from < date(timezone.localdate().year, 1, 1):
        wrong["holds_from"] = _("生效日不能早于今年；往年已按当时的要求算过。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    if CreditRequirement.objects.filter(grade=grade, field=field, holds_from=holds_from).exists():
        raise Conflict(_("这一级别和领域在这一天已有学分要求。"))
    rule = CreditRequirement.objects.create(
        grade=grade, field=field, credits=credits, holds_from=holds_from, set_by=actor
    )
    detail = {"grade": grade, "field": field, "credits": str(credits), "from": str(holds_from)}
    record(actor=actor, verb="training.require", target=rule, detail=detail)
    return rule


def _check(given: dict[str, Any]) -> None:
    wrong = {}
    if not given["title"]:
        wrong["title"] = _("请填写课程名称。")
    if given["field"] not in TrainingField.values:
        wrong["field"] = _("请选择领域。")
    if given["grade"] and given["grade"] not in Grade.values:
        wrong["grade"] = _("没有这个级别。")
    if given["hours"] <= 0:
        wrong["hours"] = _("学时要大于 0。")
    if given["credits"] < 0:
        wrong["credits"] = _("学分不能小于 0。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _words(given: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in given.items()}


def _permit(actor: Account) -> None:
    if not can_keep_training(actor):
        raise NotAllowed(_("课程、场次和学分要求由人事或系统管理员维护；请把建议告诉他们。"))

"""What each grade asks for (任职条件): begun, ended and put in order; never rewritten."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import can_change_roster
from staff.models import Account, Grade, GradeRequirement
from staff.requirement_defaults import REQUIREMENTS


@action("requirement.add", gettext_lazy("增加任职条件"))
def add_requirement(
    *, actor: Account, grade: str, text: str, holds_from: date, reason: str = ""
) -> GradeRequirement:
    """From the day on the grade asks for this too, after what it asks for already.

    Raises Refused for a grade that is none, an empty text or a day that has passed; Conflict when it asks for the same already.
    """
    _need_roster(actor)
    present = _locked(grade)
    wrong = {}
    if not text.strip() or len(text.strip()) > 200:
        wrong["text"] = _("请写明条件，最多 200 个字。")
    if holds_from < timezone.localdate():
        wrong["holds_from"] = _("生效日不能早于今天；过去的日子已按当时的条件选拔。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    position = (present.aggregate(last=Max("position"))["last"] or 0) + 1
    added = GradeRequirement.objects.create(
        grade=grade, text=text.strip(), position=position, holds_from=holds_from
    )
    detail = {"grade": grade, "text": added.text, "from": str(holds_from)}
    record(actor=actor, verb="requirement.add", target=added, reason=reason.strip(), detail=detail)
    return added


@action("requirement.adopt", gettext_lazy("采用改革方案的任职条件"))
def adopt_requirements(*, actor: Account, grade: str, holds_from: date) -> list[GradeRequirement]:
    """The grade asks for what the published reform says, from a day on that may have passed; only for a grade without a list."""
    _need_roster(actor)
    if _locked(grade).exists():
        raise Conflict(_("这一级别已经有任职条件；请逐项增加或停止。"))
    texts = REQUIREMENTS[Grade(grade)]
    added = GradeRequirement.objects.bulk_create(
        GradeRequirement(grade=grade, text=text, position=place, holds_from=holds_from)
        for place, text in enumerate(texts, start=1)
    )
    detail = {"grade": grade, "texts": list(texts), "from": str(holds_from)}
    record(actor=actor, verb="requirement.adopt", target=added[0], detail=detail)
    return added


@action("requirement.end", gettext_lazy("停止任职条件"))
def end_requirement(
    *, actor: Account, requirement: GradeRequirement, holds_until: date, reason: str
) -> GradeRequirement:
    """`holds_until` is the first day on which it is asked for no more; one that has not begun yet is withdrawn by it.

    Raises Conflict when it has ended meanwhile, Refused without a reason or for a day that has passed.
    """
    _need_roster(actor)
    found = GradeRequirement.objects.select_for_update().filter(pk=requirement.pk).first()
    if found is None:
        raise NotFound(_("没有这条任职条件。"))
    if found.holds_until is not None:
        raise Conflict(_("这条任职条件已自 %(day)s 起停止。") % {"day": found.holds_until})
    wrong = {}
    if holds_until < timezone.localdate():
        wrong["holds_until"] = _("停止日不能早于今天；过去的日子已按当时的条件选拔。")
    if not reason.strip():
        wrong["reason"] = _("请写明理由，如新方案的文号。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    found.holds_until = max(holds_until, found.holds_from)
    found.save(update_fields=["holds_until"])
    detail = {"grade": found.grade, "text": found.text, "until": str(found.holds_until)}
    record(actor=actor, verb="requirement.end", target=found, reason=reason.strip(), detail=detail)
    return found


@action("requirement.order", gettext_lazy("调整任职条件顺序"))
def order_requirements(*, actor: Account, grade: str, order: Sequence[int]) -> list[GradeRequirement]:
    """Put what the grade asks for now or later into the order of these keys.

    Raises Conflict when the keys are not exactly those, because somebody has added or ended one meanwhile.
    """
    _need_roster(actor)
    rows = {each.pk: each for each in _locked(grade).filter(holds_until=None)}
    if sorted(order) != sorted(rows):
        raise Conflict(_("您打开页面之后，这一级别的任职条件有增减；顺序没有改动，请核对后再调整。"))
    listed = [rows[key] for key in order]
    for place, row in enumerate(listed, start=1):
        row.position = place
    GradeRequirement.objects.bulk_update(listed, ["position"])
    if listed:
        detail = {"grade": grade, "order": [row.text for row in listed]}
        record(actor=actor, verb="requirement.order", target=listed[0], detail=detail)
    return listed


def _locked(grade: str) -> QuerySet[GradeRequirement]:
    """The grade's whole list, locked against another change. Raises Refused for a grade that is none."""
    if grade not in Grade.values:
        sentence = _("没有这个级别。")
        raise Refused(sentence, fields={"grade": sentence})
    rows = GradeRequirement.objects.filter(grade=grade)
    list(rows.select_for_update().order_by("pk").values_list("pk"))
    return rows


def _need_roster(actor: Account) -> None:
    if not can_change_roster(actor):
        raise NotAllowed(_("任职条件由人事或系统管理员维护；请把建议告诉他们。"))

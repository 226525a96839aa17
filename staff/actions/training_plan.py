"""What a person or a team is to learn by when (培训计划)."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import leads
from staff.access.training import can_enrol, can_keep_training, plan_lines_visible_to
from staff.models import Account, Course, Person, Team, TrainingField, TrainingPlanLine


@action("training.plan", gettext_lazy("列入培训计划"))
def plan_training(
    *,
    actor: Account,
    due_on: date,
    person: Person | None = None,
    team: Team | None = None,
    course: Course | None = None,
    field: str = "",
    note: str = "",
) -> TrainingPlanLine:
    """A person or a team is to attend a course, or anything of a field, by the day. HR for anybody, leaders for their team.

    Raises Refused unless there is exactly one of person and team, and of course and field, and for a day that has passed.
    """
    wrong = {}
    if (person is None) == (team is None):
        wrong["team"] = _("请选择一个人，或一个团队。")
    if (course is None) == (not field):
        wrong["field"] = _("请选择一门课程，或一个领域。")
    if field and field not in TrainingField.values:
        wrong["field"] = _("没有这个领域。")
    if due_on < timezone.localdate():
        wrong["due_on"] = _("期限不能早于今天。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    _permit(actor, person, team)
    line = TrainingPlanLine.objects.create(
        person=person,
        team=team,
        course=course,
        field=field,
        since=timezone.localdate(),
        due_on=due_on,
        note=note.strip(),
    )
    detail = {
        "for": str(person or team),
        "what": str(course or line.get_field_display()),
        "due": str(due_on),
    }
    record(actor=actor, verb="training.plan", target=line, detail=detail)
    return line


@action("training.unplan", gettext_lazy("取消培训计划"))
def drop_plan_line(*, actor: Account, line: TrainingPlanLine, reason: str) -> TrainingPlanLine:
    """The line is asked for no more, with a reason. Raises Conflict when it has been dropped already."""
    visible = plan_lines_visible_to(actor).filter(pk=line.pk).values("pk")
    rows = TrainingPlanLine.objects.select_for_update(of=("self",)).select_related("person", "team")
    found = rows.filter(pk__in=visible).first()
    if found is None:
        raise NotFound(_("没有这条培训计划。"))
    _permit(actor, found.person, found.team)
    if found.dropped_on is not None:
        raise Conflict(_("这条培训计划已经取消。"))
    if not reason.strip():
        raise Refused(_("取消请写明原因。"), fields={"reason": _("请写明为什么取消。")})
    found.dropped_on = timezone.localdate()
    found.save(update_fields=["dropped_on"])
    record(actor=actor, verb="training.unplan", target=found, reason=reason.strip())
    return found


def _permit(actor: Account, person: Person | None, team: Team | None) -> None:
    of_team = team is not None and leads(actor, team.pk)
    of_person = person is not None and person.pk != actor.person_id and can_enrol(actor, person.pk)
    if not (can_keep_training(actor) or of_team or of_person):
        raise NotAllowed(_("培训计划由人事安排；队长可以给本队的人安排。"))

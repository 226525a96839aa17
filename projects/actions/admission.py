"""Admission of a project: apply with figures, decide with a reason."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import reviews as access
from projects.actions.conditions import Condition, write_conditions
from projects.actions.moves import save_project
from projects.actions.review_parts import fitting, locked_row, record_url, save_row, words, working_project
from projects.models import ADMITTED, AdmissionApplication, AdmissionDecision, Project
from projects.queries.gates import criteria_of
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, Refused
from staff.models import Account

FIGURES = (
    "investment",
    "land_area",
    "annual_output",
    "annual_tax",
    "annual_energy",
    "annual_emissions",
    "jobs",
)


@action("admission.apply", gettext_lazy("申请准入"))
def apply_for_admission(
    *, actor: Account, project: Project, note: str = "", **figures: Decimal | int | None
) -> AdmissionApplication:
    """Apply with what the investor states; a figure that is not known is left out and judged as such.

    Raises Refused for a figure that cannot be, Conflict while another application waits.
    """
    locked = working_project(actor, project)
    unknown = set(figures) - set(FIGURES)
    if unknown:
        raise TypeError(f"no such figures: {sorted(unknown)}")
    application = AdmissionApplication(
        project=locked, submitted_by=actor, note=fitting(note, "note"), **figures
    )
    if application.investment is None:
        application.investment = locked.planned_investment
    _check_figures(application)
    application.save()
    record(
        actor=actor,
        verb="admission.apply",
        target=locked,
        detail={name: str(value) for name, value in figures.items() if value is not None},
    )
    notify(
        recipients=list(access.managers()),
        text=_("“%(name)s”申请准入，待决定。") % {"name": locked.name},
        url=record_url(locked),
    )
    return application


def _check_figures(application: AdmissionApplication) -> None:
    wrong = {}
    for name in FIGURES:
        value = getattr(application, name)
        if value is None:
            continue
        try:
            application._meta.get_field(name).clean(value, application)  # type: ignore[union-attr]
        except ValidationError as error:
            wrong[name] = error.messages[0]
        if value < 0 or (name == "land_area" and value <= 0):
            wrong[name] = _("不能是负数或零；还没有确定请留空。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


@action("admission.decide", gettext_lazy("决定准入"))
def decide_admission(
    *,
    actor: Account,
    application: AdmissionApplication,
    decision: str,
    reason: str,
    number: str = "",
    on: date | None = None,
    conditions: Sequence[Condition] = (),
    seen: int | None = None,
) -> AdmissionApplication:
    """Admit, admit with conditions, defer or refuse (准入决定), by a manager who did not apply.

    Raises Conflict when somebody decided first, Refused without a reason, or without conditions where it names some.
    """
    locked = locked_row(access.admissions_visible_to(actor), application)
    permit_decision(actor, locked)
    if locked.decision:
        raise Conflict(
            _("%(who)s 已于 %(day)s 决定：%(decision)s。您的决定没有保存。")
            % {"who": locked.decided_by, "day": locked.decided_on, "decision": locked.get_decision_display()}
        )
    check_version(seen=seen, current=locked)
    day = on or timezone.localdate()
    _check_decision(locked, decision, day, conditions)
    locked.decision, locked.reason = decision, words(reason, "reason", _("请写明决定的理由。"))
    locked.number = fitting(number, "number", longest=30) or _default_number(locked)
    locked.decided_on, locked.decided_by = day, actor
    save_row(locked, "decision", "reason", "number", "decided_on", "decided_by")
    write_conditions(project=locked.project, conditions=conditions, admission=locked)
    _note_decision(locked)
    record(
        actor=actor,
        verb="admission.decide",
        target=locked.project,
        reason=locked.reason,
        detail=dict(_detail(locked, conditions)),
    )
    notify(
        recipients=[locked.submitted_by],
        text=_("“%(name)s”准入决定：%(decision)s。")
        % {"name": locked.project.name, "decision": locked.get_decision_display()},
        url=record_url(locked.project),
    )
    return locked


def permit_decision(actor: Account, application: AdmissionApplication) -> None:
    """Raises NotAllowed for everybody but a manager who did not apply."""
    if not access.can_decide_gates(actor):
        raise NotAllowed(_("准入由分管领导决定；您可以查看，但不能作决定。"))
    if application.submitted_by_id == actor.pk:
        raise NotAllowed(_("申请人不能决定自己的申请；请由另一位分管领导决定。"))


def _check_decision(
    application: AdmissionApplication, decision: str, day: date, conditions: Sequence[Condition]
) -> None:
    if not decision or decision not in AdmissionDecision.values:
        raise Refused(_("请选择准入决定。"), fields={"decision": _("请选择准入决定。")})
    if day > timezone.localdate() or day < timezone.localdate(application.submitted_at):
        sentence = _("决定日期须在申请日期与今天之间。")
        raise Refused(sentence, fields={"on": sentence})
    if decision == AdmissionDecision.CONDITIONAL and not conditions:
        sentence = _("有条件准入请至少写一条条件，注明责任人和期限。")
        raise Refused(sentence, fields={"conditions": sentence})
    if decision != AdmissionDecision.CONDITIONAL and conditions:
        sentence = _("只有“有条件准入”可以附条件；请改选决定或去掉条件。")
        raise Refused(sentence, fields={"conditions": sentence})


def _default_number(application: AdmissionApplication) -> str:
    place = AdmissionApplication.objects.filter(
        project=application.project_id, pk__lte=application.pk
    ).count()
    return _("%(code)s 准入%(place)s") % {"code": application.project.code, "place": place}


def _note_decision(application: AdmissionApplication) -> None:
    """An admission is told on the project too, where the gate of 签约 and the lists have always read it."""
    if application.decision not in ADMITTED:
        return
    project = Project.objects.select_for_update().get(pk=application.project_id)
    project.admission_note = _("%(number)s：%(decision)s，%(reason)s") % {
        "number": application.number,
        "decision": application.get_decision_display(),
        "reason": application.reason,
    }
    project.admission_note = project.admission_note[:300]
    save_project(project, "admission_note")


def _detail(application: AdmissionApplication, conditions: Sequence[Condition]) -> Mapping[str, Any]:
    lines = criteria_of(application, application.project.project_class, application.decided_on)  # type: ignore[arg-type]
    return {
        "decision": str(application.get_decision_display()),
        "number": application.number,
        "on": str(application.decided_on),
        "criteria": {line.label: [str(line.figure), str(line.verdict.label)] for line in lines},
        "conditions": [each.text for each in conditions],
    }

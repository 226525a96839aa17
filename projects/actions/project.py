"""Moving, changing and handing over a project."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.actions.achievement import report_achievement
from projects.actions.gates import check_gates
from projects.actions.moves import (
    check_move,
    check_needs,
    gate_values,
    in_words,
    locked_project,
    permit_change,
    place_project,
    save_project,
)
from projects.actions.reporting import checked_report, requirement_of
from projects.actions.step_course import STEP_FIELDS, Step, put_step
from projects.credit_code import fault, normalised
from projects.models import Company, Project, ProjectClass
from projects.queries.key_project import recognised_class
from projects.workflow import GATES, INVESTOR_CODE, Stage, held_fields, missing_fields
from promotion.action import action, check_version, record
from promotion.errors import Conflict, Refused
from staff.models import Account

CHANGEABLE = (
    "name",
    "channel",
    "channel_note",
    "industry",
    "capital_source",
    "project_class",
    "park",
    "planned_investment",
    "admission_note",
    "summary",
    "next_step",
    "next_step_on",
)


@action("project.advance", gettext_lazy("推进项目"))
def advance_project(
    *,
    actor: Account,
    project: Project,
    to: str,
    seen: int | None = None,
    happened_on: date | None = None,
    details: Mapping[str, Any] | None = None,
    milestone: Mapping[str, Any] | None = None,
    note: str = "",
) -> Project:
    """Move a project one step, or back where no milestone holds it; a milestone is reported in the same step.

    `details` are the fields that the gate misses (planned_investment in 元), `milestone` the arguments of
    `report_achievement`. Raises Conflict when the project stands elsewhere than the caller saw, Refused naming
    everything that is missing.
    """
    locked = locked_project(actor, project)
    permit_change(actor, locked)
    check_version(seen=seen, current=locked)
    _check_stage_seen(project.stage, locked)
    check_move(locked, to)
    check_needs(locked, to)
    gate = GATES[Stage(to)]
    report = {"happened_on": happened_on, **(milestone or {})}
    day = (report["happened_on"] if gate.milestone else happened_on) or timezone.localdate()
    values = _check_gate(locked, to, details or {}, report, day)
    if gate.milestone:
        check_gates(locked, gate.milestone, day, moving=True)
    changes = _fill_details(locked, values)
    before = locked.stage
    place_project(locked, to, actor, day, note)
    if gate.milestone:
        report_achievement(actor=actor, kind=gate.milestone, project=locked, **report)
    record(
        actor=actor,
        verb="project.advance",
        target=locked,
        detail={
            "from": before,
            "to": str(to),
            "on": str(day),
            "version": locked.version,
            "changes": in_words(changes),
        },
    )
    return locked


def _check_stage_seen(stage: str, locked: Project) -> None:
    """Two people drop the same card: the second learns where it stands now."""
    if stage == locked.stage:
        return
    last = locked.stage_changes.select_related("changed_by").last()
    raise Conflict(
        _("%(who)s 刚刚已把这个项目移到「%(stage)s」。您的操作没有保存，请核对后再试。")
        % {"who": last.changed_by if last else _("他人"), "stage": locked.get_stage_display()}
    )


def _check_gate(
    project: Project, to: str, details: Mapping[str, Any], report: Mapping[str, Any], day: date
) -> dict[str, Any]:
    """What the gate asks for, cleaned; everything that is missing or wrong is said at once."""
    asked = missing_fields(to, gate_values(project))
    values = {name: details.get(name) for name in asked}
    wrong = {name: sentence for name in asked if (sentence := _wrong_detail(project, name, values))}
    gate = GATES[Stage(to)]
    if gate.milestone:
        try:
            checked_report(gate.milestone, project, report)
        except Refused as refusal:
            wrong |= refusal.fields
        if requirement_of(gate.milestone).evidence and not report.get("evidence"):
            wrong["evidence"] = _("请至少附一份佐证材料。")
    elif day > timezone.localdate():
        wrong["happened_on"] = _("日期还没有到；请在事情发生之后推进。")
    if wrong:
        raise Refused(
            _("推进到「%(to)s」还缺：%(wrong)s") % {"to": Stage(to).label, "wrong": "".join(wrong.values())},
            fields=wrong,
        )
    return values


def _wrong_detail(project: Project, name: str, values: dict[str, Any]) -> str:
    """The sentence for a missing or impossible value; leaves the cleaned one in `values`."""
    value = values[name]
    if value in (None, ""):
        return {
            "industry": _("请选择产业。"),
            "planned_investment": _("请填写计划总投资。"),
            "admission_note": _("请填写准入意见。"),
            INVESTOR_CODE: _("请填写企业的统一社会信用代码。"),
        }[name]
    if name == INVESTOR_CODE:
        values[name] = normalised(str(value))
        return fault(values[name])
    try:
        values[name] = cleaned(project, name, value)
    except Refused as refusal:
        return refusal.fields[name]
    return ""


def _fill_details(project: Project, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Write the gate's fields to the project and its company; gives what changed."""
    changes = {name: (None, value) for name, value in values.items()}
    own = [name for name in values if name != INVESTOR_CODE]
    for name in own:
        setattr(project, name, values[name])
    if own:
        project.save(update_fields=own)
    if INVESTOR_CODE in values:
        company = Company.objects.select_for_update().get(pk=project.company_id)
        company.credit_code = values[INVESTOR_CODE]
        company.version += 1
        company.fill_search_columns()
        company.save(update_fields=["credit_code", "grams", "version"])
        project.company = company
    return changes


def cleaned(project: Project, name: str, value: Any) -> Any:
    """The value as the model's field takes it. Raises Refused with the field's sentence."""
    try:
        result = project._meta.get_field(name).clean(value, project)  # type: ignore[union-attr]
    except ValidationError as error:
        raise Refused(error.messages[0], fields={name: error.messages[0]}) from error
    if name == "planned_investment" and result is not None and result < 0:
        raise Refused(_("投资额不能是负数。"), fields={name: _("投资额不能是负数。")})
    return result.strip() if isinstance(result, str) else result


@action("project.change", gettext_lazy("修改项目"))
def change_project(*, actor: Account, project: Project, seen: int | None, **fields: Any) -> Project:
    """Change what is known about a project; only `CHANGEABLE` fields, each recorded with its old and new value.

    Raises Conflict when somebody changed the project since `seen`, Refused for a value that cannot be, or an empty one
    that a passed gate holds.
    """
    unknown = set(fields) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"not changeable: {sorted(unknown)}")
    locked = locked_project(actor, project)
    permit_change(actor, locked)
    check_version(seen=seen, current=locked)
    values, wrong = _clean_fields(locked, fields)
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    changes = {
        name: (getattr(locked, name), new) for name, new in values.items() if getattr(locked, name) != new
    }
    if not changes:
        return locked
    if "project_class" in changes:
        _check_class_is_planned(locked)
    planned = Step(
        values.get("next_step", locked.next_step),
        values.get("next_step_on", locked.next_step_on),
        locked.next_step_at,
        locked.next_step_person,
    )
    put_step(locked, actor, planned)
    for name, (_old, new) in changes.items():
        setattr(locked, name, new)
    save_project(locked, *changes, *STEP_FIELDS)
    record(
        actor=actor,
        verb="project.change",
        target=locked,
        detail={"version": locked.version, "changes": in_words(changes)},
    )
    return locked


def _check_class_is_planned(project: Project) -> None:
    """Raises Refused where people have recognised the class: it is changed by a recognition, not by hand."""
    held = recognised_class(project)
    if held:
        sentence = _(
            "项目等级已认定为%(class)s，不能手工修改；要调整请申请重新认定，或由分管领导撤销认定。"
        ) % {"class": ProjectClass(held).label}
        raise Refused(sentence, fields={"project_class": sentence})


def _clean_fields(project: Project, fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    values, wrong, held = {}, {}, held_fields(project.stage)
    for name, value in fields.items():
        if name in held and value in (None, ""):
            wrong[name] = _("项目已过「%(stage)s」，这一项可以改，不能清空。") % {
                "stage": project.get_stage_display()
            }
            continue
        try:
            values[name] = cleaned(project, name, value)
        except Refused as refusal:
            wrong |= refusal.fields
    if values.get("name") == "":
        wrong["name"] = _("请填写项目名称。")
    return values, wrong

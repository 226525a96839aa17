"""The first person's part: report what happened with its evidence, mend what was returned, withdraw."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.document import CheckedFile, checked_files, write_documents
from projects.actions.moves import locked_project
from projects.actions.reporting import checked_report, requirement_of
from projects.actions.standing import (
    announce_report,
    check_state,
    fall_back,
    locked_achievement,
    text_of,
    write_state,
)
from projects.models import Achievement, AchievementKind, Currency, Project, Recognition
from projects.workflow import ORDER, Stage, Status, stage_of_milestone
from promotion.action import action, check_version, record
from promotion.errors import Conflict, NotAllowed, Refused
from staff.models import Account, Person

CORRECTABLE = (
    "happened_on",
    "amount",
    "currency",
    "exchange_rate",
    "usd_rate",
    "rate_on",
    "people",
    "certificate",
    "source",
    "title",
    "level",
    "incident_reason",
)


@action("achievement.report", gettext_lazy("申报业绩"))
def report_achievement(
    *,
    actor: Account,
    kind: str,
    project: Project | None = None,
    person: Person | None = None,
    happened_on: date,
    amount: Decimal | None = None,
    currency: str = Currency.CNY,
    exchange_rate: Decimal | None = None,
    usd_rate: Decimal | None = None,
    rate_on: date | None = None,
    people: int | None = None,
    certificate: str = "",
    source: str = "",
    title: str = "",
    level: str = "",
    incident_reason: str = "",
    evidence: Sequence[UploadedFile] = (),
    evidence_types: Sequence[str] = (),
) -> Achievement:
    """Report what happened (申报业绩); `amount` in `currency`, `people` for 新增就业 instead, `evidence_types` say in order what the papers are.

    Required papers may be missing here; it is the recognition that waits for them.

    A milestone is reported for a project that stands at its stage or beyond: `advance_project` moves first and then
    reports; alone this action serves after a return, a withdrawal or a reversal.
    Raises NotAllowed, Refused with a sentence per field, Conflict when the milestone is already there.
    """
    locked = locked_project(actor, project) if project is not None else None
    subject = _permitted_subject(actor, kind, locked, person)
    report = {name: value for name, value in locals().items() if name in CORRECTABLE}
    fields = checked_report(kind, locked, report)
    _check_standing(kind, locked)
    files = _checked_evidence(kind, evidence, evidence_types)
    achievement = Achievement.objects.create(
        kind=kind, project=locked, person=subject, submitted_by=actor, **fields
    )
    write_documents(actor=actor, files=files, project=locked, achievement=achievement)
    record(
        actor=actor,
        verb="achievement.report",
        target=achievement,
        detail=_figures(achievement) | _named(files),
    )
    announce_report(achievement, actor)
    return achievement


@action("achievement.resubmit", gettext_lazy("修改后重新提交"))
def resubmit_achievement(
    *,
    actor: Account,
    achievement: Achievement,
    seen: int | None = None,
    evidence: Sequence[UploadedFile] = (),
    evidence_types: Sequence[str] = (),
    **changes: Any,
) -> Achievement:
    """Mend a returned report and submit it again; what `changes` does not name stays as it was.

    Raises NotAllowed for anybody but the submitter, Conflict when it is no longer returned or was reported anew.
    """
    locked = locked_achievement(actor, achievement)
    if not access.can_correct(actor, locked):
        raise NotAllowed(_("只有申报人可以修改后重新提交；其他同事请另行申报。"))
    check_version(seen=seen, current=locked)
    check_state(locked, Recognition.RETURNED, _("只有被退回的业绩可以重新提交。"))
    report = {name: changes.get(name, getattr(locked, name)) for name in CORRECTABLE}
    fields = checked_report(locked.kind, locked.project, report)
    _check_standing(locked.kind, locked.project)
    files = _checked_evidence(locked.kind, evidence, evidence_types, already=locked.documents.count())
    fields |= {"state": Recognition.SUBMITTED, "submitted_at": timezone.now()}
    fields |= {"decided_by": None, "decided_at": None, "decision_note": ""}
    write_state(locked, fields)
    write_documents(actor=actor, files=files, project=locked.project, achievement=locked)
    record(actor=actor, verb="achievement.resubmit", target=locked, detail=_figures(locked) | _named(files))
    announce_report(locked, actor)
    return locked


@action("achievement.withdraw", gettext_lazy("撤回申报"))
def withdraw_achievement(
    *, actor: Account, achievement: Achievement, seen: int | None = None, reason: str = ""
) -> Achievement:
    """Take back a report that nobody has recognised (撤回); a milestone takes the project back one stage."""
    locked = locked_achievement(actor, achievement)
    if not access.can_withdraw(actor, locked):
        raise NotAllowed(_("只有申报人和项目团队可以撤回这条申报。"))
    check_version(seen=seen, current=locked)
    if locked.state not in (Recognition.SUBMITTED, Recognition.RETURNED):
        raise Conflict(
            _("这条业绩%(state)s，不能撤回；需要更正请由分管领导冲销。")
            % {"state": locked.get_state_display()}
        )
    write_state(locked, {"state": Recognition.WITHDRAWN})
    record(actor=actor, verb="achievement.withdraw", target=locked, reason=reason)
    fall_back(actor, locked, _("撤回“%(kind)s”申报") % {"kind": locked.get_kind_display()})
    return locked


def _permitted_subject(
    actor: Account, kind: str, project: Project | None, person: Person | None
) -> Person | None:
    """Whose achievement it is, beside a project's. Raises NotAllowed or Refused."""
    if project is not None:
        if person is not None:
            raise Refused(_("项目的业绩按项目份额计入，不另填人员。"), fields={"person": _("请留空。")})
        _permit_on_project(actor, kind, project)
        return None
    if not requirement_of(kind).alone:
        raise Refused(
            _("这种业绩必须属于一个项目；请先打开项目再申报。"), fields={"project": _("请选择项目。")}
        )
    incident = kind == AchievementKind.INCIDENT
    subject = person or (None if incident else actor.person)
    if subject is None:
        raise Refused(_("请选择这件事属于哪个项目或哪位同事。"), fields={"person": _("请选择人员。")})
    if incident and not access.can_record_incident_of(actor, subject):
        raise NotAllowed(_("扣分事项由分管领导或所在团队的队长登记，且不能登记本人。"))
    if not incident and not access.can_report_for(actor, subject):
        raise NotAllowed(_("没有项目的业绩只能由本人申报。"))
    return subject


def _permit_on_project(actor: Account, kind: str, project: Project) -> None:
    if kind == AchievementKind.INCIDENT and not access.can_record_incidents(actor):
        raise NotAllowed(_("扣分事项由队长或分管领导登记。"))
    if not access.can_change(actor, project):
        raise NotAllowed(_("您可以查看这个项目，但不能申报；请联系服务专员或队长。"))
    if project.status == Status.LOST and kind != AchievementKind.INCIDENT:
        raise Refused(_("项目已终止，不能再申报业绩；请先恢复项目。"))


def _check_standing(kind: str, project: Project | None) -> None:
    """A milestone belongs to a project that stands there: getting there is the business of advancing."""
    stage = stage_of_milestone(kind)
    if stage is None or project is None:
        return
    if ORDER.index(Stage(project.stage)) < ORDER.index(stage):
        raise Refused(
            _("项目还在“%(stage)s”；请用“推进”把项目推进到“%(next)s”，里程碑在同一步申报。")
            % {"stage": project.get_stage_display(), "next": stage.label}
        )


def _checked_evidence(
    kind: str, uploads: Sequence[UploadedFile], types: Sequence[str], already: int = 0
) -> list[CheckedFile]:
    if requirement_of(kind).evidence and not uploads and not already:
        raise Refused(
            _("请至少附一份佐证材料，例如合同盖章页、执照或到账凭证。"),
            fields={"evidence": _("请至少附一份佐证材料。")},
        )
    return checked_files(uploads, types)


def _figures(achievement: Achievement) -> dict[str, Any]:
    if achievement.people is not None:
        return {"happened_on": str(achievement.happened_on), "people": achievement.people}
    return {
        "happened_on": str(achievement.happened_on),
        "amount": text_of(achievement.amount),
        "currency": achievement.currency,
        "exchange_rate": text_of(achievement.exchange_rate),
        "amount_cny": text_of(achievement.amount_cny),
    }


def _named(files: Sequence[CheckedFile]) -> dict[str, Any]:
    return {"evidence": [one.title for one in files]}

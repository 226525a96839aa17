"""Due diligence: open the checklist, write findings, conclude, and let a second person confirm."""

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import reviews as access
from projects.actions.moves import permit_change
from projects.actions.review_parts import (
    LONG,
    kept_file,
    locked_row,
    record_url,
    save_row,
    words,
    working_project,
)
from projects.models import Checklist, Diligence, DiligenceItem, DiligenceState, Project, Risk
from projects.queries.gates import topics_of
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account


@action("diligence.open", gettext_lazy("发起尽职调查"))
def open_diligence(*, actor: Account, project: Project) -> Diligence:
    """Begin an inquiry with the checklist of the project's class. Raises Refused when none is configured."""
    locked = working_project(actor, project)
    topics = topics_of(Checklist.DILIGENCE, locked.project_class, timezone.localdate())
    if not topics:
        raise Refused(
            _("“%(class)s”项目还没有尽职调查清单；请分管领导在“前置关口”里配置。")
            % {"class": locked.get_project_class_display()}
        )
    inquiry = Diligence.objects.create(project=locked, opened_by=actor)
    DiligenceItem.objects.bulk_create(
        DiligenceItem(diligence=inquiry, title=each.title, guidance=each.guidance, position=place)
        for place, each in enumerate(topics, start=1)
    )
    record(actor=actor, verb="diligence.open", target=locked, detail={"topics": len(topics)})
    return inquiry


@action("diligence.find", gettext_lazy("填写尽调情况"))
def record_finding(
    *,
    actor: Account,
    diligence: Diligence,
    item: DiligenceItem,
    finding: str,
    risk: str,
    upload: UploadedFile | None = None,
    seen: int | None = None,
) -> DiligenceItem:
    """Write what was found on a topic, with its risk and perhaps a paper; possible until it is concluded."""
    locked = _open(actor, diligence, seen)
    kept = locked.items.select_for_update().filter(pk=item.pk).first()
    if kept is None:
        raise NotFound(_("没有这个尽调事项。"))
    kept.finding = words(finding, "finding", _("请写明调查到的情况。"), longest=LONG)
    if risk not in Risk.values:
        raise Refused(_("请选择风险等级。"), fields={"risk": _("请选择风险等级。")})
    kept.risk, kept.found_by, kept.found_at = risk, actor, timezone.now()
    if upload is not None:
        kept.evidence = kept_file(actor, locked.project, upload)
    kept.save(update_fields=["finding", "risk", "found_by", "found_at", "evidence"])
    save_row(locked)
    detail = {"topic": kept.title, "risk": str(kept.get_risk_display()), "finding": kept.finding[:200]}
    record(actor=actor, verb="diligence.find", target=locked.project, detail=detail)
    return kept


@action("diligence.conclude", gettext_lazy("尽调下结论"))
def conclude_diligence(
    *, actor: Account, diligence: Diligence, conclusion: str, risk: str, seen: int | None = None
) -> Diligence:
    """Sum up once every topic has a finding. Raises Refused naming those that have none."""
    locked = _open(actor, diligence, seen)
    left = list(locked.items.filter(finding="").values_list("title", flat=True))
    if left:
        raise Refused(_("还有事项没有填写：%(topics)s。") % {"topics": "、".join(left)})
    if risk not in Risk.values:
        raise Refused(_("请选择总体风险。"), fields={"risk": _("请选择总体风险。")})
    locked.conclusion = words(conclusion, "conclusion", _("请写明尽职调查的结论。"), longest=LONG)
    locked.risk, locked.state = risk, DiligenceState.CONCLUDED
    locked.concluded_by, locked.concluded_at = actor, timezone.now()
    save_row(locked, "conclusion", "risk", "state", "concluded_by", "concluded_at")
    record(
        actor=actor,
        verb="diligence.conclude",
        target=locked.project,
        detail={"risk": str(locked.get_risk_display()), "conclusion": locked.conclusion[:200]},
    )
    notify(
        recipients=[each for each in access.managers() if each.pk != actor.pk],
        text=_("“%(name)s”尽职调查已下结论，待复核。") % {"name": locked.project.name},
        url=record_url(locked.project),
    )
    return locked


@action("diligence.confirm", gettext_lazy("复核尽职调查"))
def confirm_diligence(
    *, actor: Account, diligence: Diligence, note: str = "", seen: int | None = None
) -> Diligence:
    """Confirm what another person concluded; with high risk the note says why it may go on."""
    locked = _concluded(actor, diligence, seen)
    if locked.risk == Risk.HIGH:
        words(note, "note", _("总体风险为高，请写明可以继续的理由和防控措施。"))
    _write_review(locked, DiligenceState.CONFIRMED, note, actor)
    record(actor=actor, verb="diligence.confirm", target=locked.project, reason=note.strip())
    return locked


@action("diligence.return", gettext_lazy("退回尽职调查"))
def return_diligence(
    *, actor: Account, diligence: Diligence, note: str, seen: int | None = None
) -> Diligence:
    """Send a conclusion back for more work, with the reason."""
    locked = _concluded(actor, diligence, seen)
    words(note, "note", _("请写明退回的原因，调查人要据此补充。"))
    _write_review(locked, DiligenceState.OPEN, note, None)
    record(actor=actor, verb="diligence.return", target=locked.project, reason=note.strip())
    if locked.concluded_by:
        notify(
            recipients=[locked.concluded_by],
            text=_("“%(name)s”尽职调查被退回：%(note)s")
            % {"name": locked.project.name, "note": note.strip()},
            url=record_url(locked.project),
        )
    return locked


def _open(actor: Account, diligence: Diligence, seen: int | None) -> Diligence:
    locked = locked_row(access.diligences_visible_to(actor), diligence)
    permit_change(actor, locked.project)
    if locked.state != DiligenceState.OPEN:
        raise Conflict(
            _("尽职调查%(state)s，不能再改；需要补充请先退回。") % {"state": locked.get_state_display()}
        )
    check_version(seen=seen, current=locked)
    return locked


def _concluded(actor: Account, diligence: Diligence, seen: int | None) -> Diligence:
    locked = locked_row(access.diligences_visible_to(actor), diligence)
    permit_confirming(actor, locked)
    if locked.state != DiligenceState.CONCLUDED:
        raise Conflict(
            _("尽职调查现在是“%(state)s”，不能复核；请刷新页面。") % {"state": locked.get_state_display()}
        )
    check_version(seen=seen, current=locked)
    return locked


def permit_confirming(actor: Account, diligence: Diligence) -> None:
    """Raises NotAllowed for everybody but a second person: the leader of the team, or a manager."""
    if access.can_confirm_diligence(actor, diligence):
        return
    if diligence.concluded_by_id == actor.pk:
        raise NotAllowed(_("下结论的人不能自己复核；请由队长或分管领导复核。"))
    raise NotAllowed(_("尽职调查由本团队队长或分管领导复核。"))


def _write_review(locked: Diligence, state: DiligenceState, note: str, confirmed_by: Account | None) -> None:
    locked.state, locked.review_note = state, note.strip()[:300]
    locked.confirmed_by = confirmed_by
    locked.confirmed_at = timezone.now() if confirmed_by else None
    save_row(locked, "state", "review_note", "confirmed_by", "confirmed_at")

"""What both sides promised: entered, fulfilled with evidence, confirmed by a second person, changed, released from."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.document import checked_files, write_documents
from projects.actions.moves import locked_project, permit_change
from projects.actions.promise_words import (
    announce_decision,
    announce_fulfilment,
    detail_of,
    needs_confirmation,
    wrong_terms,
)
from projects.models import (
    Department,
    FulfilmentState,
    Project,
    Promise,
    PromiseChange,
    PromiseFulfilment,
    PromiseState,
)
from promotion.action import action, check_version, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account, Person

CLOSED = (PromiseState.FULFILLED, PromiseState.WAIVED)


@action("promise.add", gettext_lazy("登记承诺"))
def add_promise(
    *,
    actor: Account,
    project: Project,
    direction: str,
    subject: str,
    text: str,
    due_on: date,
    figure: Decimal | None = None,
    unit: str = "",
    person: Person | None = None,
    department: Department | None = None,
    source: str = "",
    evidence: Sequence[UploadedFile] = (),
) -> Promise:
    """Write down a promise of the company or the zone; the service specialist answers for it unless somebody is named.

    `figure` in the unit's own measure (money in 元). Raises Refused naming every field that is missing or wrong.
    """
    locked = locked_project(actor, project)
    permit_change(actor, locked)
    wrong = wrong_terms(direction, subject, text, figure, unit, department)
    if wrong:
        raise Refused("".join(wrong.values()), fields=wrong)
    files = checked_files(evidence)
    promise = Promise.objects.create(
        project=locked,
        direction=direction,
        subject=subject,
        text=text.strip(),
        figure=figure,
        unit=unit if figure is not None else "",
        due_on=due_on,
        person=person or locked.owner,
        department=department,
        source=source.strip()[:160],
        created_by=actor,
    )
    promise.documents.set(write_documents(actor, files, project=locked))
    record(actor=actor, verb="promise.add", target=promise, detail=detail_of(promise))
    return promise


@action("promise.fulfil", gettext_lazy("报告履行"))
def report_fulfilment(
    *,
    actor: Account,
    promise: Promise,
    happened_on: date,
    figure: Decimal | None = None,
    is_whole: bool = True,
    note: str = "",
    evidence: Sequence[UploadedFile] = (),
    seen: int | None = None,
) -> PromiseFulfilment:
    """Say what was done, in whole or in part, with evidence. What matters waits for a second person, the rest counts at once.

    With a figure promised, the sum of what was delivered decides whether the promise is kept; `is_whole` where there is none.
    """
    found = _locked(actor, promise, seen)
    permit_change(actor, found.project)
    _check_open(found)
    waits = needs_confirmation(found)
    wrong = _wrong_report(found, happened_on, figure, has_evidence=bool(evidence))
    if wrong:
        raise Refused("".join(wrong.values()), fields=wrong)
    files = checked_files(evidence)
    reported = PromiseFulfilment.objects.create(
        promise=found,
        happened_on=happened_on,
        figure=figure if found.figure is not None else None,
        is_whole=is_whole,
        note=note.strip()[:300],
        state=FulfilmentState.SUBMITTED if waits else FulfilmentState.CONFIRMED,
        reported_by=actor,
    )
    reported.documents.set(write_documents(actor, files, project=found.project))
    _settle(found)
    if waits:
        announce_fulfilment(reported)
    record(
        actor=actor,
        verb="promise.fulfil",
        target=found,
        detail={"on": str(happened_on), "figure": str(figure or ""), "files": len(files)},
    )
    return reported


@action("promise.confirm", gettext_lazy("确认履行"))
def confirm_fulfilment(
    *, actor: Account, fulfilment: PromiseFulfilment, note: str = "", seen: int | None = None
) -> PromiseFulfilment:
    """A second person says that it was done. Raises NotAllowed for whoever reported it."""
    found = _locked_fulfilment(actor, fulfilment, seen)
    _decide(actor, found, FulfilmentState.CONFIRMED, note.strip())
    _settle(found.promise)
    announce_decision(found, _("履行已确认"))
    record(
        actor=actor,
        verb="promise.confirm",
        target=found.promise,
        reason=note.strip(),
        detail=detail_of(found.promise),
    )
    return found


@action("promise.return", gettext_lazy("退回履行记录"))
def return_fulfilment(
    *, actor: Account, fulfilment: PromiseFulfilment, reason: str, seen: int | None = None
) -> PromiseFulfilment:
    """A second person sends the report back, with the reason."""
    found = _locked_fulfilment(actor, fulfilment, seen)
    why = _reason(reason)
    _decide(actor, found, FulfilmentState.RETURNED, why)
    announce_decision(found, _("履行记录被退回：%(reason)s") % {"reason": why})
    record(
        actor=actor,
        verb="promise.return",
        target=found.promise,
        reason=why,
        detail=detail_of(found.promise),
    )
    return found


@action("promise.change", gettext_lazy("变更承诺"))
def change_promise(
    *,
    actor: Account,
    promise: Promise,
    due_on: date,
    reason: str,
    figure: Decimal | None = None,
    seen: int | None = None,
) -> Promise:
    """Put a promise differently: the old day and figure stay in its history, with the reason.

    Raises Refused when nothing changes, or a promise that had a figure would lose it.
    """
    found = _locked(actor, promise, seen)
    _permit_settling(actor, found)
    _check_open(found)
    why = _reason(reason)
    if found.figure is None and figure is not None:
        sentence = _("这条承诺没有数额；请另登记一条有数额的承诺。")
        raise Refused(sentence, fields={"figure": sentence})
    new = found.figure if figure is None else figure
    if new is not None and new <= 0:
        raise Refused(_("数额必须大于 0。"), fields={"figure": _("数额必须大于 0。")})
    if (due_on, new) == (found.due_on, found.figure):
        raise Refused(_("期限和数额都没有变；请填写新的期限或数额。"))
    PromiseChange.objects.create(
        promise=found,
        old_due_on=found.due_on,
        new_due_on=due_on,
        old_figure=found.figure,
        new_figure=new,
        reason=why,
        changed_by=actor,
    )
    before = detail_of(found)
    found.due_on, found.figure = due_on, new
    _save(found, "due_on", "figure")
    _settle(found)
    record(
        actor=actor,
        verb="promise.change",
        target=found,
        reason=why,
        detail={**detail_of(found), "before": before},
    )
    return found


@action("promise.waive", gettext_lazy("豁免承诺"))
def waive_promise(*, actor: Account, promise: Promise, reason: str, seen: int | None = None) -> Promise:
    """Release from a promise, with the reason; what was done so far stays."""
    found = _locked(actor, promise, seen)
    _permit_settling(actor, found)
    _check_open(found)
    found.state, found.state_note = PromiseState.WAIVED, _reason(reason)
    found.closed_on = timezone.localdate()
    _save(found, "state", "state_note", "closed_on")
    record(actor=actor, verb="promise.waive", target=found, reason=found.state_note, detail=detail_of(found))
    return found


def _wrong_report(
    promise: Promise, happened_on: date, figure: Decimal | None, *, has_evidence: bool
) -> dict[str, str]:
    """The sentence for each part of a report that is missing or cannot be."""
    wrong: dict[str, str] = {}
    if happened_on > timezone.localdate():
        wrong["happened_on"] = _("日期还没有到；请在履行之后报告。")
    if promise.figure is not None and figure is None:
        wrong["figure"] = _("承诺有数额，请填写这次完成的数额。")
    if figure is not None and figure <= 0:
        wrong["figure"] = _("完成数额必须大于 0。")
    if needs_confirmation(promise) and not has_evidence:
        wrong["evidence"] = _("请至少附一份佐证材料。")
    return wrong


def _locked(actor: Account, promise: Promise, seen: int | None) -> Promise:
    row = (
        access.promises_visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("project")
        .filter(pk=promise.pk)
        .first()
    )
    if row is None:
        raise NotFound(_("没有这条承诺，或者您看不到它。"))
    check_version(seen=seen, current=row)
    return row


def _locked_fulfilment(actor: Account, fulfilment: PromiseFulfilment, seen: int | None) -> PromiseFulfilment:
    """The waiting report, when this person may decide it; its promise is locked first."""
    promise = _locked(actor, fulfilment.promise, seen)
    row = promise.fulfilments.select_for_update().filter(pk=fulfilment.pk).first()
    if row is None:
        raise NotFound(_("没有这份履行记录；请返回承诺。"))
    row.promise = promise
    if not access.can_confirm_fulfilment(actor, row):
        raise NotAllowed(_("履行记录由本团队队长或分管领导确认，报告人不能确认自己的报告；请等他们处理。"))
    if row.state != FulfilmentState.SUBMITTED:
        raise Conflict(
            _("这份履行记录已是“%(state)s”，没有重复处理；请刷新后再看。")
            % {"state": row.get_state_display()}
        )
    return row


def _decide(actor: Account, found: PromiseFulfilment, state: str, note: str) -> None:
    found.state, found.decided_by, found.decided_at = state, actor, timezone.now()
    found.decision_note = note[:300]
    found.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    _save(found.promise)


def _settle(promise: Promise) -> None:
    """Read off the confirmed reports how far the promise is kept."""
    kept = promise.fulfilments.filter(state=FulfilmentState.CONFIRMED)
    last = kept.order_by("-happened_on").values_list("happened_on", flat=True).first()
    if last is None:
        state = PromiseState.OPEN
    elif promise.figure is not None:
        done = kept.aggregate(total=Sum("figure"))["total"] or Decimal(0)
        state = PromiseState.FULFILLED if done >= promise.figure else PromiseState.PARTIAL
    else:
        state = PromiseState.FULFILLED if kept.filter(is_whole=True).exists() else PromiseState.PARTIAL
    closed = last if state == PromiseState.FULFILLED else None
    if (state, closed) != (promise.state, promise.closed_on):
        promise.state, promise.closed_on = state, closed
        _save(promise, "state", "closed_on")


def _save(promise: Promise, *fields: str) -> None:
    promise.version += 1
    promise.save(update_fields=[*fields, "version"])


def _check_open(promise: Promise) -> None:
    if promise.state in CLOSED:
        raise Conflict(
            _("这条承诺已是“%(state)s”，不能再改；如有新的约定，请另登记一条。")
            % {"state": promise.get_state_display()}
        )


def _permit_settling(actor: Account, promise: Promise) -> None:
    if not access.can_settle_promise(actor, promise):
        raise NotAllowed(_("承诺的变更和豁免由本团队队长或分管领导办理；请把理由告诉他们。"))


def _reason(reason: str) -> str:
    plain = reason.strip()
    if not plain:
        raise Refused(_("请写明理由。"), fields={"reason": _("请写明理由，日后查得到为什么。")})
    return plain[:300]

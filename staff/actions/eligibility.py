"""The check of applications by HR: item by item, returned for completion, decided; looked at again on complaint."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import NotAllowed, NotFound, Refused
from staff.access.competition import applications_visible_to, can_check_application, claims_visible_to
from staff.actions.competition import said
from staff.models import Account, Application, ApplicationState, CompetitionState, RequirementClaim


@action("application.check", gettext_lazy("核验条件"))
def check_claim(*, actor: Account, claim: RequirementClaim, met: bool, note: str = "") -> RequirementClaim:
    """Say whether one requirement is met; that it is not is said with a sentence."""
    found = claims_visible_to(actor).filter(pk=claim.pk).select_related("application").first()
    if found is None:
        raise NotFound(_("没有这项条件。"))
    application = _locked(actor, found.application)
    if application.state != ApplicationState.SUBMITTED:
        raise Refused(_("只有待审核的报名可以核验条件。"))
    found.note = note.strip() if met else said(note, "note", _("不符合，请写一句原因。"), longest=200)
    found.met, found.checked_by = met, actor
    found.save(update_fields=["met", "note", "checked_by"])
    record(
        actor=actor,
        verb="application.check",
        target=application,
        detail={"requirement": found.text, "met": met, "note": found.note},
    )
    return found


@action("application.return", gettext_lazy("退回补正"))
def return_application(
    *, actor: Account, application: Application, reason: str, seen: int | None = None
) -> Application:
    """Give an application back to be completed while the window is open."""
    locked = _locked(actor, application)
    check_version(seen=seen, current=locked)
    if locked.state != ApplicationState.SUBMITTED:
        raise Refused(_("只有待审核的报名可以退回补正。"))
    if not locked.competition.takes_applications:
        raise Refused(_("报名已经截止，不能再退回补正；请直接作出审核决定。"))
    locked.reason = said(reason, "reason", _("请写明要补正什么。"))
    return _handled(actor, locked, ApplicationState.RETURNED, "application.return")


@action("application.decide", gettext_lazy("审核报名资格"))
def decide_eligibility(
    *, actor: Account, application: Application, eligible: bool, reason: str = "", seen: int | None = None
) -> Application:
    """Decide whether the application is eligible, after each requirement was checked.

    Raises Refused while a requirement is unchecked, for eligible against one that is not met, or not eligible without reason.
    """
    locked = _locked(actor, application)
    check_version(seen=seen, current=locked)
    if locked.state != ApplicationState.SUBMITTED:
        raise Refused(_("这份报名不在待审核状态。"))
    claims = list(locked.claims.all())
    unchecked = [claim.text for claim in claims if claim.met is None]
    if unchecked:
        raise Refused(_("还有条件没有核验：%(lines)s。") % {"lines": "；".join(unchecked)})
    unmet = [claim.text for claim in claims if not claim.met]
    if eligible and unmet:
        raise Refused(_("有条件不符合，不能审核为符合：%(lines)s。") % {"lines": "；".join(unmet)})
    locked.reason = (
        reason.strip() if eligible else said(reason, "reason", _("审核为不符合条件，请写明理由。"))
    )
    state = ApplicationState.ELIGIBLE if eligible else ApplicationState.INELIGIBLE
    return _handled(actor, locked, state, "application.decide")


@action("application.review", gettext_lazy("复核报名资格"))
def review_complaint(
    *, actor: Account, application: Application, eligible: bool, note: str, seen: int | None = None
) -> Application:
    """Look again at a refusal that was complained of, by somebody who did not refuse it."""
    locked = _locked(actor, application)
    check_version(seen=seen, current=locked)
    if not locked.complaint or locked.reviewed_at is not None:
        raise Refused(_("没有待复核的申诉。"))
    if locked.handled_by_id == actor.pk:
        raise NotAllowed(_("复核由另一位办理：初审人不能复核自己的决定。"))
    if locked.competition.state != CompetitionState.ANNOUNCED:
        raise Refused(_("面试已经开始，不能再改变资格。"))
    locked.review_note = said(note, "note", _("请写明复核意见。"))
    locked.reviewed_by, locked.reviewed_at = actor, timezone.now()
    if eligible:
        locked.state = ApplicationState.ELIGIBLE
    _save(locked, "review_note", "reviewed_by", "reviewed_at", "state")
    record(
        actor=actor,
        verb="application.review",
        target=locked,
        reason=locked.review_note,
        detail={"eligible": eligible},
    )
    _tell(locked, locked.review_note)
    return locked


def _handled(actor: Account, application: Application, state: ApplicationState, verb: str) -> Application:
    application.state, application.handled_by, application.handled_at = state, actor, timezone.now()
    _save(application, "state", "handled_by", "handled_at", "reason")
    record(
        actor=actor, verb=verb, target=application, reason=application.reason, detail={"state": str(state)}
    )
    _tell(application, application.reason)
    return application


def _tell(application: Application, words: str) -> None:
    notify(
        recipients=list(Account.objects.filter(person=application.person_id, is_active=True)),
        text=_("“%(round)s”报名：%(state)s。%(words)s")
        % {
            "round": application.competition.name,
            "state": application.get_state_display(),
            "words": words,
        },
        url=reverse("staff:application", args=[application.public_id]),
    )


def _save(application: Application, *fields: str) -> None:
    application.version += 1
    application.save(update_fields=[*fields, "version"])


def _locked(actor: Account, application: Application) -> Application:
    found = applications_visible_to(actor).select_for_update(of=("self",)).filter(pk=application.pk).first()
    if found is None:
        raise NotFound(_("没有这份报名。"))
    if not can_check_application(actor, found):
        raise NotAllowed(_("报名由人事审核；自己的报名请另一位审核。"))
    return found

"""Joint review: open a round, decide and issue the countersigned record, or withdraw it."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import reviews as access
from projects.actions.document import checked_file, write_documents
from projects.actions.moves import permit_change
from projects.actions.review_opinion import revoke_opinion_links
from projects.actions.review_parts import (
    LONG,
    fitting,
    open_round,
    record_url,
    save_row,
    words,
    working_project,
)
from projects.models import (
    Department,
    JointReview,
    Project,
    ReviewOpinion,
    ReviewState,
)
from projects.queries.gates import rule_of
from projects.queries.review_record import fingerprint_of, record_data
from projects.review_rules import Opinion, tally
from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.papers import render_paper
from promotion.working_days import working_calendar
from staff.models import Account, BodyName

# A deadline further off is a slip of the year (assumption).
LONGEST_ROUND = timedelta(days=180)


@action("review.open", gettext_lazy("发起联审会签"))
def open_joint_review(
    *,
    actor: Account,
    project: Project,
    subject: str,
    departments: Sequence[Department],
    body_name: str = BodyName.CENTRE,
    opened_on: date | None = None,
    due_on: date | None = None,
) -> JointReview:
    """Begin a round; it keeps the rule of its day. Without `due_on` the working days of that rule give the deadline.

    Raises Conflict while another round is open, Refused without departments in use or for a deadline before the start.
    """
    locked = working_project(actor, project)
    day = opened_on or timezone.localdate()
    _check_opening(departments, day, due_on)
    rule = rule_of(locked.project_class, day)
    last = locked.joint_reviews.aggregate(last=Max("round"))["last"] or 0
    review = JointReview.objects.create(
        project=locked,
        round=last + 1,
        number=_number(locked, last + 1),
        subject=words(subject, "subject", _("请写明会签的事项。")),
        body_name=body_name,
        opened_by=actor,
        opened_on=day,
        due_on=due_on or working_calendar().after(day, rule.working_days),
        quorum=rule.quorum,
        against_needs_override=rule.against_needs_override,
    )
    ReviewOpinion.objects.bulk_create(
        ReviewOpinion(review=review, department=each) for each in dict.fromkeys(departments)
    )
    record(
        actor=actor,
        verb="review.open",
        target=locked,
        detail={
            "number": review.number,
            "due_on": str(review.due_on),
            "departments": [str(d) for d in departments],
        },
    )
    return review


def _number(project: Project, count: int) -> str:
    """“XM-2026-0066 会签1”, whatever language the page is read in."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("%(code)s 会签%(round)s") % {"code": project.code, "round": count}


def _check_opening(departments: Sequence[Department], day: date, due_on: date | None) -> None:
    if not departments:
        sentence = _("请至少选择一个会签部门。")
        raise Refused(sentence, fields={"departments": sentence})
    closed = [str(each) for each in departments if not each.is_open]
    if closed:
        sentence = _("%(names)s已停用，请改选在用的部门。") % {"names": "、".join(closed)}
        raise Refused(sentence, fields={"departments": sentence})
    if due_on is not None and not day <= due_on <= day + LONGEST_ROUND:
        sentence = _("反馈期限须在发起日期之后的 %(days)s 天以内。") % {"days": LONGEST_ROUND.days}
        raise Refused(sentence, fields={"due_on": sentence})


@action("review.decide", gettext_lazy("签发联审会签"))
def decide_joint_review(
    *,
    actor: Account,
    review: JointReview,
    outcome: str,
    note: str,
    override_reason: str = "",
    body_name: str = "",
    seen: int | None = None,
) -> JointReview:
    """Pass or fail a round and issue its countersigned record (会签单), by a manager.

    Raises Refused below the quorum, or over an opinion against it without a written override; Conflict when decided.
    """
    locked = open_round(actor, review)
    if not access.can_decide_gates(actor):
        raise NotAllowed(_("联审会签由分管领导签发；您可以登记意见，但不能签发。"))
    _check_seen(locked, seen)
    if outcome not in (ReviewState.PASSED, ReviewState.FAILED):
        raise Refused(_("请选择通过或未通过。"), fields={"outcome": _("请选择通过或未通过。")})
    locked.decision_note = words(note, "note", _("请写明会签结论。"), longest=LONG)
    if outcome == ReviewState.PASSED:
        _check_passing(locked, override_reason)
        locked.override_reason = fitting(override_reason, "override_reason", longest=LONG)
    locked.state, locked.decided_by, locked.decided_at = outcome, actor, timezone.now()
    locked.body_name = body_name if body_name in BodyName.values else locked.body_name
    _issue(actor, locked)
    save_row(
        locked, "state", "decision_note", "override_reason", "decided_by", "decided_at", "body_name",
        "document", "fingerprint",
    )  # fmt: skip
    revoke_opinion_links(*locked.opinions.all())
    record(
        actor=actor,
        verb="review.decide",
        target=locked.project,
        reason=locked.override_reason,
        detail={
            "number": locked.number,
            "outcome": str(locked.get_state_display()),
            "fingerprint": locked.fingerprint,
        },
    )
    notify(
        recipients=[locked.opened_by],
        text=_("“%(name)s”联审会签%(outcome)s。")
        % {"name": locked.project, "outcome": locked.get_state_display()},
        url=record_url(locked.project, "reviews"),
    )
    return locked


def _check_seen(review: JointReview, seen: int | None) -> None:
    """A round is not ended on opinions that have changed since they were read. Raises Conflict."""
    if seen is not None and seen != review.version:
        raise Conflict(
            _(
                "您打开页面之后，又有部门反馈或改了意见。您填写的内容没有保存也没有丢失，请核对最新意见后再提交一次。"
            )
        )


def _check_passing(review: JointReview, override_reason: str) -> None:
    opinions = list(review.opinions.select_related("department"))
    count = tally([each.opinion for each in opinions])
    if not count.reaches(review.quorum):
        waiting = "、".join(str(each.department) for each in opinions if not each.opinion)
        raise Refused(
            _("反馈 %(given)s/%(total)s，不到规定的 %(quorum)s%%；还缺：%(waiting)s。")
            % {"given": count.given, "total": count.total, "quorum": review.quorum, "waiting": waiting}
        )
    if count.against and review.against_needs_override and not override_reason.strip():
        against = "、".join(str(each.department) for each in opinions if each.opinion == Opinion.AGAINST)
        sentence = _("%(names)s不同意；确需通过，请写明书面裁定的理由。") % {"names": against}
        raise Refused(sentence, fields={"override_reason": sentence})


def _issue(actor: Account, review: JointReview) -> None:
    """The record as a document of the project, with the fingerprint of what it says; an official paper is in Chinese."""
    with translation.override(settings.LANGUAGE_CODE):
        data = record_data(review)
        name = _("会签单 %(number)s.pdf") % {"number": review.number}
    review.fingerprint = fingerprint_of(data)
    paper = render_paper("countersigned", {**data, "fingerprint": review.fingerprint})
    upload = SimpleUploadedFile(name, paper, "application/pdf")
    (review.document,) = write_documents(actor=actor, files=[checked_file(upload)], project=review.project)


@action("review.withdraw", gettext_lazy("撤回联审会签"))
def withdraw_joint_review(
    *, actor: Account, review: JointReview, reason: str, seen: int | None = None
) -> JointReview:
    """End a round without a decision; what was said stays, and a new round may begin."""
    locked = open_round(actor, review)
    permit_change(actor, locked.project)
    _check_seen(locked, seen)
    locked.decision_note = words(reason, "reason", _("请写明撤回的理由。"), longest=LONG)
    locked.state, locked.decided_by, locked.decided_at = ReviewState.WITHDRAWN, actor, timezone.now()
    save_row(locked, "state", "decision_note", "decided_by", "decided_at")
    revoke_opinion_links(*locked.opinions.all())
    record(
        actor=actor,
        verb="review.withdraw",
        target=locked.project,
        reason=locked.decision_note,
        detail={"number": locked.number},
    )
    return locked

"""Opinions of a joint review: what a department says, kept by whoever works on the project, with its conditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.actions.conditions import Condition, write_conditions
from projects.actions.moves import permit_change
from projects.actions.review_parts import LONG, fitting, kept_file, open_round, save_row
from projects.models import AnswerLink, Department, DepartmentContact, JointReview, ReviewOpinion
from projects.review_rules import Opinion
from promotion.action import action, record
from promotion.errors import Conflict, NotFound, Refused
from staff.models import Account

SAID = ("opinion", "text", "given_on", "given_at", "contact")


@dataclass(frozen=True)
class Said:
    """What a department says, whoever brings it."""

    opinion: str
    text: str
    on: date
    contact: DepartmentContact | None
    conditions: tuple[Condition, ...]


def keep_said(review: JointReview, row: ReviewOpinion, said: Said) -> None:
    """Put what was said on the locked row of an open round, with its conditions; the caller saves the row.

    Raises Refused without words where they are needed, or where conditions and opinion do not fit.
    """
    _check_opinion(review, said.opinion, said.text, said.on, said.conditions)
    if said.contact is not None and said.contact.department_id != row.department_id:
        sentence = _("请选择%(department)s的一位联系人。") % {"department": row.department.name}
        raise Refused(sentence, fields={"contact": sentence})
    if row.conditions.exclude(closed_on=None).exists():
        raise Refused(_("这份意见的条件已有销号，不能再改；情况有变请发起新一轮会签。"))
    row.conditions.all().delete()
    row.opinion, row.text, row.given_on = said.opinion, fitting(said.text, "text", longest=LONG), said.on
    row.given_at, row.contact = timezone.now(), said.contact
    write_conditions(project=review.project, conditions=said.conditions, opinion=row)
    save_row(review)  # the round's own version, so that nobody decides on opinions that he has not read


def revoke_opinion_links(*rows: ReviewOpinion) -> None:
    """A question that is answered or ended is not answered any more."""
    links = AnswerLink.objects.filter(opinion__in=rows, used_at=None, revoked_at=None)
    links.update(revoked_at=timezone.now())


@action("review.opinion", gettext_lazy("登记会签意见"))
def give_opinion(
    *,
    actor: Account,
    review: JointReview,
    department: Department,
    opinion: str,
    text: str = "",
    given_on: date | None = None,
    contact: DepartmentContact | None = None,
    conditions: Sequence[Condition] = (),
    upload: UploadedFile | None = None,
    seen: int | None = None,
) -> ReviewOpinion:
    """Keep what a department says while the round is open; said again, it replaces what it said, and history keeps both.

    Raises Refused without words where they are needed, without a condition where it names some, Conflict once decided.
    """
    locked = open_round(actor, review)
    permit_change(actor, locked.project)
    row = locked.opinions.select_for_update(of=("self",)).filter(department=department).first()
    if row is None:
        raise NotFound(_("%(name)s不在本轮会签名单里。") % {"name": department})
    _check_seen(row, seen)
    said = Said(opinion, text, given_on or timezone.localdate(), contact, tuple(conditions))
    keep_said(locked, row, said)
    row.recorded_by = actor
    row.evidence = kept_file(actor, locked.project, upload) or row.evidence
    save_row(row, *SAID, "recorded_by", "evidence")
    revoke_opinion_links(row)
    record(
        actor=actor,
        verb="review.opinion",
        target=locked.project,
        detail={
            "number": locked.number,
            "department": str(department),
            "opinion": str(row.get_opinion_display()),
            "text": row.text[:200],
            "conditions": [each.text for each in conditions],
        },
    )
    return row


def _check_seen(row: ReviewOpinion, seen: int | None) -> None:
    """Two people who write one opinion: the second is told what the first one wrote. Raises Conflict."""
    if seen is None or seen == row.version:
        return
    raise Conflict(
        _(
            "您打开页面之后，%(who)s 已登记%(department)s的意见“%(opinion)s”。您填写的内容没有保存也没有丢失，请核对后再提交一次。"
        )
        % {
            "who": row.recorded_by or row.contact or _("部门"),
            "department": row.department,
            "opinion": row.get_opinion_display(),
        }
    )


def _check_opinion(
    review: JointReview, opinion: str, text: str, day: date, conditions: Sequence[Condition]
) -> None:
    if not opinion or opinion not in Opinion.values:
        raise Refused(_("请选择会签意见。"), fields={"opinion": _("请选择会签意见。")})
    if opinion in (Opinion.CONDITIONAL, Opinion.AGAINST) and not text.strip():
        sentence = _("有条件同意或不同意，请写明条件或理由。")
        raise Refused(sentence, fields={"text": sentence})
    if (opinion == Opinion.CONDITIONAL) != bool(conditions):
        sentence = (
            _("有条件同意请至少写一条条件，注明责任人和期限。")
            if opinion == Opinion.CONDITIONAL
            else _("只有“有条件同意”可以附条件。")
        )
        raise Refused(sentence, fields={"conditions": sentence})
    if day > timezone.localdate() or day < review.opened_on:
        sentence = _("反馈日期须在发起日期与今天之间。")
        raise Refused(sentence, fields={"given_on": sentence})

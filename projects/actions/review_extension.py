"""More time for a round of a joint review: links that are still valid live on with it, and the silent departments are told."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.actions.department_mail import write_to_departments
from projects.actions.joint_review import LONGEST_ROUND
from projects.actions.moves import permit_change
from projects.actions.review_parts import open_round, save_row, words
from projects.models import AnswerLink, JointReview, ReviewExtension
from projects.queries.review_told import extension_words, told_contacts
from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import Conflict, Refused
from promotion.web.formats import day
from staff.models import Account


@action("review.extend", gettext_lazy("延长会签期限"))
def extend_joint_review(
    *, actor: Account, review: JointReview, due_on: date, reason: str, seen: int | None = None
) -> ReviewExtension:
    """Give the departments until `due_on`, by whoever works on the project; live links are good until that day ends.

    Raises Refused for a day that is no extension or too far off, Conflict when the round changed or ended meanwhile.
    """
    locked = open_round(actor, review)
    permit_change(actor, locked.project)
    if seen is not None and seen != locked.version:
        raise Conflict(
            _(
                "打开页面之后这轮会签有了变化，现在的期限是 %(day)s。您填写的内容没有保存也没有丢失，请核对后再提交一次。"
            )
            % {"day": day(locked.due_on)}
        )
    _check_day(locked, due_on)
    extension = ReviewExtension.objects.create(
        review=locked,
        before=locked.due_on,
        after=due_on,
        reason=words(reason, "reason", _("请写明为什么延期。")),
        extended_by=actor,
    )
    locked.due_on = due_on
    save_row(locked, "due_on")
    lengthened = _lengthen_links(locked, due_on)
    mailed = _tell(actor, locked, extension)
    record(
        actor=actor,
        verb="review.extend",
        target=locked.project,
        reason=extension.reason,
        detail={
            "number": locked.number,
            "due_on": [str(extension.before), str(extension.after)],
            "links": lengthened,
            "mails": mailed,
        },
    )
    return extension


def _check_day(review: JointReview, due_on: date) -> None:
    earliest = max(review.due_on, timezone.localdate())
    if due_on <= earliest:
        sentence = _("新期限要晚于今天和原期限 %(day)s。") % {"day": day(review.due_on)}
        raise Refused(sentence, fields={"due_on": sentence})
    if due_on > review.opened_on + LONGEST_ROUND:
        sentence = _("反馈期限须在发起日期之后的 %(days)s 天以内。") % {"days": LONGEST_ROUND.days}
        raise Refused(sentence, fields={"due_on": sentence})


def _lengthen_links(review: JointReview, due_on: date) -> int:
    """Links that can still be answered by are good until the new day ends; none is shortened, no dead one wakes."""
    end = timezone.make_aware(datetime.combine(due_on + timedelta(days=1), time.min))
    live = Q(used_at=None, revoked_at=None, expires_at__gt=timezone.now(), expires_at__lt=end)
    return AnswerLink.objects.filter(live, opinion__review=review).update(expires_at=end)


def _tell(actor: Account, review: JointReview, extension: ReviewExtension) -> int:
    """The silent departments by e-mail, whoever began the round by notice; gives how many e-mails will go out."""
    with translation.override(settings.LANGUAGE_CODE):
        text = extension_words(review, extension)
        subject = _("会签延期至 %(day)s") % {"day": day(extension.after)}
    if review.opened_by_id != actor.pk:
        said = _("会签延期至 %(day)s：%(subject)s") % {"day": day(extension.after), "subject": review.subject}
        notify(
            recipients=[review.opened_by], text=said, url=reverse("projects:review", args=[review.public_id])
        )
    contacts = [contact for _department, contact in told_contacts(review) if contact is not None]
    return write_to_departments(contacts, subject, text)

"""One-time links for joint reviews: a department gives one opinion of one round without an account, once, before a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.actions.answer_link import LIFE_DAYS, answerer, check_life, check_live, new_link, told_of_answer
from projects.actions.conditions import Condition
from projects.actions.moves import permit_change
from projects.actions.review_opinion import SAID, Said, keep_said, revoke_opinion_links
from projects.actions.review_parts import kept_file, open_round, save_row
from projects.models import (
    AnswerLink,
    Department,
    DepartmentContact,
    JointReview,
    LinkPurpose,
    ReviewOpinion,
    ReviewState,
)
from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import Conflict, NotFound, Refused
from staff.models import Account


@dataclass(frozen=True)
class Wanted:
    """A condition as a department writes it; the project's specialist sees to it."""

    text: str
    due_on: date


@action("link.issue-opinion", gettext_lazy("发出会签链接"))
def issue_opinion_link(
    *,
    actor: Account,
    review: JointReview,
    department: Department,
    contact: DepartmentContact,
    days: int = LIFE_DAYS,
) -> tuple[AnswerLink, str]:
    """A link for a contact of a department that has not spoken; gives it with the key, of which only the hash is kept.

    A live link for the same opinion is replaced. Raises Refused for an opinion that is there, for a contact of another
    department, or for a life outside 1 to 30 days.
    """
    locked = open_round(actor, review)
    permit_change(actor, locked.project)
    row = locked.opinions.select_for_update(of=("self",)).filter(department=department).first()
    if row is None:
        raise NotFound(_("%(name)s不在本轮会签名单里。") % {"name": department})
    if row.opinion:
        raise Refused(_("%(name)s已经反馈，不用再发链接；要改请直接登记。") % {"name": department})
    if contact.department_id != department.pk or not contact.is_active:
        sentence = _("请选择%(department)s的一位在岗联系人。") % {"department": department.name}
        raise Refused(sentence, fields={"contact": sentence})
    check_life(days)
    revoke_opinion_links(row)
    question = {"purpose": LinkPurpose.OPINION, "opinion": row}
    link, key = new_link(actor, locked.project, contact, days, question)
    detail = {"contact": contact.name, "department": department.name, "number": locked.number}
    record(actor=actor, verb="link.issue-opinion", target=locked.project, detail=detail)
    return link, key


@action("link.opinion", gettext_lazy("通过链接反馈会签意见"))
def give_opinion_by_link(
    *,
    actor: None,
    link: AnswerLink,
    opinion: str,
    text: str = "",
    conditions: Sequence[Wanted] = (),
    upload: UploadedFile | None = None,
    address: str = "",
) -> ReviewOpinion:
    """The department's opinion, by whoever holds the link; spends it.

    Raises Conflict for a link that is spent, void or expired and for a round that has ended, Refused as `give_opinion` does.
    """
    review, row, held = _locked(link)
    wanted = tuple(Condition(each.text, review.project.owner, each.due_on) for each in conditions)
    keep_said(review, row, Said(opinion, text, timezone.localdate(), held.contact, wanted))
    row.recorded_by = None
    row.evidence = kept_file(held.issued_by, review.project, upload)
    save_row(row, *SAID, "recorded_by", "evidence")
    held.used_at = timezone.now()
    held.save(update_fields=["used_at"])
    who = answerer(held)
    detail = {
        "number": review.number,
        "department": row.department.name,
        "opinion": str(row.get_opinion_display()),
        "text": row.text[:200],
        "conditions": [each.text for each in wanted],
        "address": address,
    }
    record(actor=who, verb="link.opinion", target=review.project, detail=detail)
    _tell(review, row, held, who.display_name)
    return row


def _locked(link: AnswerLink) -> tuple[JointReview, ReviewOpinion, AnswerLink]:
    """Round, opinion and link, locked in the order that every action on a round keeps. Raises Conflict for a dead link."""
    rounds = JointReview.objects.select_for_update(of=("self",)).select_related("project__owner", "opened_by")
    opinions = ReviewOpinion.objects.select_for_update(of=("self",)).select_related("department")
    links = AnswerLink.objects.select_for_update(of=("self",)).select_related(
        "contact__department", "issued_by"
    )
    review = rounds.get(opinions__links=link)
    row, held = opinions.get(links=link), links.get(pk=link.pk)
    check_live(held)
    if review.state != ReviewState.OPEN:
        raise Conflict(_("这轮会签已经办结，您的意见没有保存；请与项目专员联系。"))
    return review, row, held


def _tell(review: JointReview, row: ReviewOpinion, link: AnswerLink, who: str) -> None:
    """The specialist of today, whoever began the round and whoever sent the link hear of it after commit."""
    recipients = told_of_answer(review.project, review.opened_by, link.issued_by)
    text = _("%(who)s反馈了会签意见“%(opinion)s”：%(subject)s") % {
        "who": who,
        "opinion": row.get_opinion_display(),
        "subject": review.subject,
    }
    url = reverse("projects:review", args=[review.public_id])
    transaction.on_commit(lambda: notify(recipients=recipients, text=text[:200], url=url))

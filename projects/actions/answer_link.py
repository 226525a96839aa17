"""One-time links: a department answers one question of one project without an account, once, before a day."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import projects_visible_to
from projects.access.reviews import joint_reviews_visible_to
from projects.actions.blocker import keep_answer, locked_blocker, tell, write_entry
from projects.actions.document import checked_files
from projects.actions.moves import permit_change
from projects.actions.review_parts import locked_row
from projects.models import (
    AnswerLink,
    Blocker,
    BlockerEntryKind,
    BlockerState,
    DepartmentContact,
    LinkPurpose,
    Project,
)
from promotion.action import action, record
from promotion.errors import Conflict, Refused
from staff.models import Account, key_hash

# How long a link is good for, in days (assumption); long enough for a weekend between.
LIFE_DAYS = 7
LONGEST_LIFE_DAYS = 30


@dataclass(frozen=True)
class Answerer:
    """Who answers without an account, as the audit trail names them."""

    display_name: str
    pk: None = None


@action("link.issue", gettext_lazy("发出一次性答复链接"))
def issue_link(
    *, actor: Account, blocker: Blocker, contact: DepartmentContact | None = None, days: int = LIFE_DAYS
) -> tuple[AnswerLink, str]:
    """A link for the contact of the blocker's department; gives it with the key, of which only the hash is kept.

    A live link to the same contact is replaced. Raises Refused for a blocker that is answered, for a contact of another
    department, or for a life outside 1 to 30 days.
    """
    locked = locked_blocker(actor, blocker)
    if locked.state != BlockerState.OPEN:
        raise Refused(_("堵点已经答复或办结，不用再发链接；没有解决请先退回重办。"))
    receiver = contact or locked.contact
    if receiver is None or receiver.department_id != locked.department_id or not receiver.is_active:
        sentence = _("请选择%(department)s的一位在岗联系人。") % {"department": locked.department.name}
        raise Refused(sentence, fields={"contact": sentence})
    check_life(days)
    locked.links.filter(contact=receiver, used_at=None, revoked_at=None).update(revoked_at=timezone.now())
    question = {"purpose": LinkPurpose.BLOCKER, "blocker": locked}
    link, key = new_link(actor, locked.project, receiver, days, question)
    if locked.contact_id != receiver.pk:
        locked.contact = receiver
        locked.save(update_fields=["contact", "changed_at"])
    line = _("已向%(name)s发出答复链接，%(days)s 天内有效。") % {"name": receiver.name, "days": days}
    write_entry(locked, BlockerEntryKind.LINKED, line, actor=actor)
    detail = {"contact": receiver.name, "blocker": locked.public_id, "project": locked.project.code}
    record(actor=actor, verb="link.issue", target=link, detail=detail)
    return link, key


def check_life(days: int) -> None:
    """Raises Refused for a life outside 1 to 30 days."""
    if not 1 <= days <= LONGEST_LIFE_DAYS:
        sentence = _("有效期为 1 到 %(most)s 天。") % {"most": LONGEST_LIFE_DAYS}
        raise Refused(sentence, fields={"days": sentence})


def new_link(
    issuer: Account, project: Project, contact: DepartmentContact, days: int, question: Mapping[str, Any]
) -> tuple[AnswerLink, str]:
    """A link for one question with its key, of which only the hash is kept."""
    key = secrets.token_urlsafe(32)
    link = AnswerLink.objects.create(
        project=project,
        contact=contact,
        key_hash=key_hash(key),
        issued_by=issuer,
        expires_at=timezone.now() + timedelta(days=days),
        **question,
    )
    return link, key


@action("link.revoke", gettext_lazy("作废答复链接"))
def revoke_link(*, actor: Account, link: AnswerLink) -> AnswerLink:
    """Make a link void at once. Raises Conflict when it was answered by meanwhile."""
    if link.blocker is not None:
        locked_blocker(actor, link.blocker)
    elif link.opinion is not None:
        permit_change(actor, locked_row(joint_reviews_visible_to(actor), link.opinion.review).project)
    row = AnswerLink.objects.select_for_update().get(pk=link.pk)
    if row.used_at is not None:
        raise Conflict(_("这个链接刚刚已被答复，不用再作废。"))
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        record(actor=actor, verb="link.revoke", target=row, detail={"contact": row.contact.name})
    return row


@action("link.open", gettext_lazy("打开答复链接"))
def open_link(*, actor: None, link: AnswerLink, address: str) -> AnswerLink:
    """Keep when a link was first opened, and from where."""
    row = AnswerLink.objects.select_for_update().get(pk=link.pk)
    if row.opened_at is None:
        row.opened_at = timezone.now()
        row.save(update_fields=["opened_at"])
        record(
            actor=answerer(link),
            verb="link.open",
            target=row,
            detail={"address": address, "project": link.project.code},
        )
    return row


@action("link.answer", gettext_lazy("通过链接答复堵点"))
def answer_by_link(
    *,
    actor: None,
    link: AnswerLink,
    text: str,
    promised_on: date | None = None,
    files: Sequence[UploadedFile] = (),
    address: str = "",
) -> Blocker:
    """The department's answer, by whoever holds the link; spends it.

    Raises Conflict for a link that is spent, void or expired, Refused for an empty answer or a promised day in the past.
    """
    blocker, row = _locked(link)
    checked = checked_files(files)
    keep_answer(blocker, text, promised_on)
    who = answerer(row)
    write_entry(
        blocker,
        BlockerEntryKind.ANSWERED,
        blocker.answer,
        actor=None,
        signed_by=who.display_name,
        files=checked,
        keeper=row.issued_by,
    )
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    detail = {"blocker": blocker.public_id, "project": blocker.project.code, "address": address}
    record(actor=who, verb="link.answer", target=blocker, detail=detail)
    tell(
        blocker,
        _("%(who)s答复了堵点：%(title)s") % {"who": who.display_name, "title": blocker.title},
        told_of_answer(blocker.project, blocker.raised_by, row.issued_by),
    )
    return blocker


def _locked(link: AnswerLink) -> tuple[Blocker, AnswerLink]:
    """Project, blocker and link, locked in the order that every action keeps. Raises Conflict for a dead link."""
    Project.objects.select_for_update().get(pk=link.project_id)
    blockers = Blocker.objects.select_for_update(of=("self",)).select_related("project", "raised_by")
    links = AnswerLink.objects.select_for_update(of=("self",)).select_related(
        "contact__department", "issued_by"
    )
    blocker, row = blockers.get(links=link), links.get(pk=link.pk)
    check_live(row)
    return blocker, row


def told_of_answer(project: Project, *asked: Account) -> list[Account]:
    """The specialist of today, and those who asked as long as they work here and still see the project."""
    today = Account.objects.filter(person=project.owner_id, is_active=True)
    still = [
        one for one in asked if one.is_active and projects_visible_to(one).filter(pk=project.pk).exists()
    ]
    return list({one.pk: one for one in (*today, *still)}.values())


def check_live(link: AnswerLink) -> None:
    """Raises Conflict for a link that is spent, void or expired."""
    if not link.is_live():
        raise Conflict(_("这个链接已经用过、作废或过期，您的答复没有保存；请与项目专员联系。"))


def answerer(link: AnswerLink) -> Answerer:
    """“张工（供电公司，一次性链接）”"""
    return Answerer(
        _("%(name)s（%(department)s，一次性链接）")
        % {"name": link.contact.name, "department": link.contact.department.name}
    )

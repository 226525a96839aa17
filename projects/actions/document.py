"""Files: where they belong, what they are, and how a newer one takes the place of an older."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import (
    can_change,
    can_recognise,
    can_withdraw,
    documents_visible_to,
    follow_ups_visible_to,
    projects_visible_to,
)
from projects.actions.standing import checked_reason, locked_achievement
from projects.actions.upload import CheckedFile, checked_file, checked_files
from projects.models import Achievement, Document, DocumentType, FollowUp, Project, Recognition
from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account

__all__ = [
    "CheckedFile",
    "attach_document",
    "checked_file",
    "checked_files",
    "classify_document",
    "replace_document",
    "write_documents",
]


@action("document.attach", gettext_lazy("上传文件"))
def attach_document(
    *,
    actor: Account,
    upload: UploadedFile,
    project: Project | None = None,
    achievement: Achievement | None = None,
    follow_up: FollowUp | None = None,
    document_type: str = "",
) -> Document:
    """Keep one file with a project, with an achievement that nobody has decided, or with a follow-up.

    Without `document_type` the name of the file says what it is. Raises Refused for a file that is empty, too large,
    broken, of another content than its name says, or already there.
    """
    place = _locked_place(actor, project, achievement, follow_up)
    checked = checked_file(upload, document_type)
    _check_new(place["achievement"], checked)
    (document,) = write_documents(actor=actor, files=[checked], **place)
    detail = {"digest": document.digest, "document_type": document.document_type}
    record(actor=actor, verb="document.attach", target=document, detail=detail)
    return document


@action("document.replace", gettext_lazy("替换文件"))
def replace_document(*, actor: Account, document: Document, upload: UploadedFile, reason: str) -> Document:
    """Put a newer edition in the place of a file; the older one stays readable, with who replaced it, when and why.

    Raises Conflict when somebody replaced it meanwhile, Refused for the same content or without a reason.
    """
    old, place = _locked_document(actor, document)
    reason = checked_reason(reason, _("请写明为什么替换，例如“补盖公章”。"))[:200]
    checked = checked_file(upload, old.document_type)
    if checked.digest == old.digest:
        raise Refused(
            _("“%(name)s”和现有的第 %(edition)s 版内容相同，没有替换。")
            % {"name": checked.title, "edition": old.edition},
            fields={"upload": _("内容相同。")},
        )
    _check_new(place["achievement"], checked)
    Document.objects.filter(pk=old.pk).update(replaced_at=timezone.now())
    newer = _written(actor, checked, replaces=old, edition=old.edition + 1, replace_reason=reason, **place)
    record(
        actor=actor,
        verb="document.replace",
        target=newer,
        reason=reason,
        detail={
            "replaces": old.public_id,
            "edition": newer.edition,
            "before": {"title": old.title, "digest": old.digest},
            "after": {"title": newer.title, "digest": newer.digest},
        },
    )
    return newer


@action("document.classify", gettext_lazy("更正材料类型"))
def classify_document(*, actor: Account, document: Document, document_type: str) -> Document:
    """Say what a file is. Whoever may add evidence may, and whoever recognises, while nothing is decided."""
    old, _place = _locked_document(actor, document, deciding=True)
    if document_type not in DocumentType.values:
        sentence = _("没有“%(type)s”这种材料，请从列表中选择。") % {"type": document_type[:24]}
        raise Refused(sentence, fields={"document_type": sentence})
    before, old.document_type = old.document_type, document_type
    old.save(update_fields=["document_type"])
    detail = {"before": before, "after": document_type}
    record(actor=actor, verb="document.classify", target=old, detail=detail)
    return old


def _locked_document(
    actor: Account, document: Document, *, deciding: bool = False
) -> tuple[Document, dict[str, Any]]:
    """The file with the place it belongs to, both locked and permitted. Raises Conflict for an older edition."""
    found = documents_visible_to(actor).filter(pk=document.pk).first()
    if found is None:
        raise NotFound(_("没有这个文件，或者您不能查看；请返回重新打开。"))
    place = _locked_place(
        actor,
        None if found.achievement_id or found.follow_up_id else found.project,
        found.achievement,
        found.follow_up,
        deciding=deciding,
    )
    locked = Document.objects.select_for_update().get(pk=found.pk)
    if locked.replaced_at is not None:
        newer = locked.replaced_by
        raise Conflict(
            _("“%(name)s”已被 %(who)s 换成第 %(edition)s 版；请刷新后在新版上操作。")
            % {"name": locked.title, "who": newer.uploaded_by.display_name, "edition": newer.edition}
        )
    return locked, place


def _check_new(achievement: Achievement | None, checked: CheckedFile) -> None:
    if achievement and achievement.documents.filter(digest=checked.digest).exists():
        raise Refused(
            _("“%(name)s”已经在佐证里，没有重复保存。") % {"name": checked.title},
            fields={"evidence": _("文件重复。")},
        )


def _locked_place(
    actor: Account,
    project: Project | None,
    achievement: Achievement | None,
    follow_up: FollowUp | None,
    *,
    deciding: bool = False,
) -> dict[str, Any]:
    """Where the file goes, locked and permitted."""
    if achievement is not None:
        return _locked_evidence(actor, achievement, deciding=deciding)
    if follow_up is not None:
        noted = follow_ups_visible_to(actor).filter(pk=follow_up.pk).first()
        project = noted.project if noted else None
    locked = projects_visible_to(actor).select_for_update().filter(pk=project.pk).first() if project else None
    if locked is None:
        raise NotFound(_("没有找到要附文件的记录，可能已被移走；请返回列表重新打开。"))
    if not can_change(actor, locked):
        raise NotAllowed(_("您可以查看这个项目，但不能添加文件；请联系服务专员。"))
    return {"project": locked, "achievement": None, "follow_up": follow_up}


def _locked_evidence(actor: Account, achievement: Achievement, *, deciding: bool) -> dict[str, Any]:
    found = locked_achievement(actor, achievement)
    if not can_withdraw(actor, found) and not (deciding and can_recognise(actor, found)):
        raise NotAllowed(_("只有申报人和项目团队可以补充佐证。"))
    if found.state not in (Recognition.SUBMITTED, Recognition.RETURNED):
        raise Refused(
            _("这条业绩%(state)s，佐证不能再变；需要更正时请先冲销，再重新申报。")
            % {"state": found.get_state_display()}
        )
    return {"project": found.project, "achievement": found, "follow_up": None}


def write_documents(
    actor: Account,
    files: Sequence[CheckedFile],
    *,
    project: Project | None,
    achievement: Achievement | None = None,
    follow_up: FollowUp | None = None,
) -> list[Document]:
    """Store checked files inside the transaction of the action that calls; the name on disk says nothing."""
    known = set(achievement.documents.values_list("digest", flat=True)) if achievement and files else set()
    return [
        _written(actor, one, project=project, achievement=achievement, follow_up=follow_up)
        for one in files
        if one.digest not in known
    ]


def _written(actor: Account, checked: CheckedFile, **fields: Any) -> Document:
    document = Document(
        title=checked.title,
        document_type=checked.document_type,
        content_type=checked.content_type,
        size=checked.size,
        digest=checked.digest,
        uploaded_by=actor,
        **fields,
    )
    document.file.save(
        f"{document.public_id}{PurePath(checked.title).suffix.lower()}", checked.upload, save=False
    )
    document.save()
    return document

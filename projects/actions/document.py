"""Files: what may be kept, checked by content and not by name, and where they belong."""

import hashlib
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import (
    can_change,
    can_withdraw,
    follow_ups_visible_to,
    projects_visible_to,
)
from projects.actions.standing import locked_achievement
from projects.models import Achievement, Document, FollowUp, Project, Recognition
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

KEEPABLE = "PDF、PNG、JPG、WEBP、DOCX、XLSX、PPTX、OFD、TXT"
LONGEST_TITLE = 160
MOST_FILES = 20
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ofd": "application/ofd",
    "txt": "text/plain",
}
# The member that tells one packed format from another and from a plain archive.
PACKED = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "ofd": "OFD.xml",
}


@dataclass(frozen=True)
class CheckedFile:
    """An upload that may be kept."""

    upload: UploadedFile
    title: str
    content_type: str
    size: int
    digest: str


@action("document.attach", gettext_lazy("上传文件"))
def attach_document(
    *,
    actor: Account,
    upload: UploadedFile,
    project: Project | None = None,
    achievement: Achievement | None = None,
    follow_up: FollowUp | None = None,
) -> Document:
    """Keep one file with a project, with an achievement that nobody has decided, or with a follow-up.

    Raises Refused for a file that is empty, too large, of another content than its name says, or already there.
    """
    place = _locked_place(actor, project, achievement, follow_up)
    checked = checked_file(upload)
    if place["achievement"] and place["achievement"].documents.filter(digest=checked.digest).exists():
        raise Refused(
            _("“%(name)s”已经在佐证里，没有重复保存。") % {"name": checked.title},
            fields={"evidence": _("文件重复。")},
        )
    (document,) = write_documents(actor=actor, files=[checked], **place)
    record(actor=actor, verb="document.attach", target=document, detail={"digest": document.digest})
    return document


def _locked_place(
    actor: Account, project: Project | None, achievement: Achievement | None, follow_up: FollowUp | None
) -> dict[str, Any]:
    """Where the file goes, locked and permitted."""
    missing = NotFound(_("没有找到要附文件的记录，可能已被移走；请返回列表重新打开。"))
    if achievement is not None:
        found = locked_achievement(actor, achievement)
        if not can_withdraw(actor, found):
            raise NotAllowed(_("只有申报人和项目团队可以补充佐证。"))
        if found.state not in (Recognition.SUBMITTED, Recognition.RETURNED):
            raise Refused(
                _("这条业绩%(state)s，佐证不能再变；需要更正时请先冲销，再重新申报。")
                % {"state": found.get_state_display()}
            )
        return {"project": found.project, "achievement": found, "follow_up": None}
    if follow_up is not None:
        noted = follow_ups_visible_to(actor).filter(pk=follow_up.pk).first()
        project = noted.project if noted else None
    locked = projects_visible_to(actor).select_for_update().filter(pk=project.pk).first() if project else None
    if locked is None:
        raise missing
    if not can_change(actor, locked):
        raise NotAllowed(_("您可以查看这个项目，但不能添加文件；请联系服务专员。"))
    return {"project": locked, "achievement": None, "follow_up": follow_up}


def checked_files(uploads: Sequence[UploadedFile]) -> list[CheckedFile]:
    """All uploads of one step, each content once. Raises Refused naming the file that cannot be kept."""
    if len(uploads) > MOST_FILES:
        raise Refused(
            _("一次最多上传 %(most)s 个文件；请合并扫描件或分次补充。") % {"most": MOST_FILES},
            fields={"evidence": _("文件太多。")},
        )
    by_digest = {checked.digest: checked for checked in map(checked_file, uploads)}
    return list(by_digest.values())


def checked_file(upload: UploadedFile) -> CheckedFile:
    """Read the upload and decide by content, extension and size. Raises Refused."""
    title = cleaned_title(upload.name or "")
    size = upload.size or 0
    if size == 0:
        raise _refused(_("“%(name)s”是空文件；请重新选择。") % {"name": title})
    if size > settings.EVIDENCE_MAX_BYTES:
        limit = settings.EVIDENCE_MAX_BYTES // 1024 // 1024
        raise _refused(
            _("“%(name)s”超过 %(limit)s MB；请压缩或拆分后再传。") % {"name": title, "limit": limit}
        )
    extension = PurePath(title).suffix.lower().lstrip(".")
    if extension not in TYPES:
        raise _refused(_("不能保存“%(name)s”；可以上传 %(types)s。") % {"name": title, "types": KEEPABLE})
    if not _content_is(extension, upload):
        raise _refused(
            _("“%(name)s”的内容不是 %(type)s 文件；请上传原件，不要改扩展名。")
            % {"name": title, "type": extension.upper()}
        )
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return CheckedFile(upload, title, TYPES[extension], size, digest.hexdigest())


def _refused(sentence: str) -> Refused:
    return Refused(sentence, fields={"evidence": sentence})


def _content_is(extension: str, upload: UploadedFile) -> bool:
    """Whether the bytes are what the extension says."""
    upload.seek(0)
    head = upload.read(1024)
    match extension:
        case "pdf":
            return b"%PDF-" in head
        case "png":
            return head.startswith(b"\x89PNG\r\n\x1a\n")
        case "jpg" | "jpeg":
            return head.startswith(b"\xff\xd8\xff")
        case "webp":
            return head.startswith(b"RIFF") and head[8:12] == b"WEBP"
        case "txt":
            return _is_text(upload)
    return head.startswith(b"PK\x03\x04") and _holds(upload, PACKED[extension])


def _is_text(upload: UploadedFile) -> bool:
    """UTF-8 or GB 18030 without control bytes; short enough to be read whole (EVIDENCE_MAX_BYTES)."""
    upload.seek(0)
    content = upload.read()
    if any(byte < 32 and byte not in (9, 10, 12, 13) for byte in content) or content.startswith(b"MZ"):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _holds(upload: UploadedFile, member: str) -> bool:
    """Whether a packed file has the member that its format is known by."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload.file or upload) as archive:
            return member in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def cleaned_title(name: str) -> str:
    """The last part of the name without control and direction marks, short enough, its extension kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs") and c not in '<>:"|?*'
    ).strip(" .")
    stem, suffix = PurePath(kept).stem, PurePath(kept).suffix
    return f"{stem[: LONGEST_TITLE - len(suffix)]}{suffix}" or str(_("未命名"))


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


def _written(actor: Account, checked: CheckedFile, **place: Any) -> Document:
    document = Document(
        title=checked.title,
        content_type=checked.content_type,
        size=checked.size,
        digest=checked.digest,
        uploaded_by=actor,
        **place,
    )
    document.file.save(
        f"{document.public_id}{PurePath(checked.title).suffix.lower()}", checked.upload, save=False
    )
    document.save()
    return document

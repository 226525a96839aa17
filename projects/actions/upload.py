"""What may be kept of an upload: content, extension and size agree, and a reader can open it."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from projects.evidence_words import guessed_type
from projects.file_content import fault_of
from projects.models import DocumentType
from promotion.errors import Refused

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


@dataclass(frozen=True)
class CheckedFile:
    """An upload that may be kept, and what it is."""

    upload: UploadedFile
    title: str
    content_type: str
    size: int
    digest: str
    document_type: str = DocumentType.OTHER


def checked_files(uploads: Sequence[UploadedFile], types: Sequence[str] = ()) -> list[CheckedFile]:
    """All uploads of one step, each content once; `types` name them in their order, what is not named is guessed.

    Raises Refused naming the file that cannot be kept.
    """
    if len(uploads) > MOST_FILES:
        raise Refused(
            _("一次最多上传 %(most)s 个文件；请合并扫描件或分次补充。") % {"most": MOST_FILES},
            fields={"evidence": _("文件太多。")},
        )
    if len(types) > len(uploads):
        sentence = _("材料类型比文件多；请一一对应。")
        raise Refused(sentence, fields={"evidence_types": sentence})
    named = [*types, *[""] * (len(uploads) - len(types))]
    by_digest: dict[str, CheckedFile] = {}
    for upload, document_type in zip(uploads, named, strict=True):
        checked = checked_file(upload, document_type)
        by_digest.setdefault(checked.digest, checked)
    return list(by_digest.values())


def checked_file(upload: UploadedFile, document_type: str = "") -> CheckedFile:
    """Read the upload and decide by content, extension and size. Raises Refused."""
    title = cleaned_title(upload.name or "")
    size = upload.size or 0
    if document_type and document_type not in DocumentType.values:
        raise _refused(_("没有“%(type)s”这种材料，请从列表中选择。") % {"type": document_type[:24]})
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
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    if fault := fault_of(extension, content):
        raise _refused(_("“%(name)s”%(fault)s") % {"name": title, "fault": fault})
    digest = hashlib.sha256(content).hexdigest()
    known = document_type or guessed_type(title)
    return CheckedFile(upload, title, TYPES[extension], size, digest, known)


def _refused(sentence: str) -> Refused:
    return Refused(sentence, fields={"evidence": sentence})


def cleaned_title(name: str) -> str:
    """The last part of the name without control and direction marks, short enough, its extension kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs") and c not in '<>:"|?*'
    ).strip(" .")
    stem, suffix = PurePath(kept).stem, PurePath(kept).suffix
    return f"{stem[: LONGEST_TITLE - len(suffix)]}{suffix}" or str(_("未命名"))

"""What may be kept of an upload: content, extension and size agree, and a reader can open it."""

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from promotion.errors import Refused
from promotion.files.content import fault_of

KEEPABLE = "PDF、PNG、JPG、WEBP、DOCX、XLSX、PPTX、OFD、TXT"
LONGEST_TITLE = 160
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
class KeptFile:
    """An upload that may be kept: its cleaned name, its type, its size in bytes and its SHA-256."""

    upload: UploadedFile
    title: str
    content_type: str
    size: int
    digest: str


def kept_file(upload: UploadedFile, *, field: str = "evidence") -> KeptFile:
    """Read the upload and decide by content, extension and size. Raises Refused, at the input named `field`."""
    title = cleaned_title(upload.name or "")
    size = upload.size or 0
    if size == 0:
        raise _refused(field, _("“%(name)s”是空文件；请重新选择。") % {"name": title})
    if size > settings.EVIDENCE_MAX_BYTES:
        limit = settings.EVIDENCE_MAX_BYTES // 1024 // 1024
        raise _refused(
            field, _("“%(name)s”超过 %(limit)s MB；请压缩或拆分后再传。") % {"name": title, "limit": limit}
        )
    extension = PurePath(title).suffix.lower().lstrip(".")
    if extension not in TYPES:
        raise _refused(
            field, _("不能保存“%(name)s”；可以上传 %(types)s。") % {"name": title, "types": KEEPABLE}
        )
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    if fault := fault_of(extension, content):
        raise _refused(field, _("“%(name)s”%(fault)s") % {"name": title, "fault": fault})
    return KeptFile(upload, title, TYPES[extension], size, hashlib.sha256(content).hexdigest())


def _refused(field: str, sentence: str) -> Refused:
    return Refused(sentence, fields={field: sentence})


def cleaned_title(name: str) -> str:
    """The last part of the name without control and direction marks, short enough, its extension kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs") and c not in '<>:"|?*'
    ).strip(" .")
    stem, suffix = PurePath(kept).stem, PurePath(kept).suffix
    return f"{stem[: LONGEST_TITLE - len(suffix)]}{suffix}" or str(_("未命名"))

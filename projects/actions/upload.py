"""Evidence on its way in: what may be kept, and what each paper is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from projects.evidence_words import guessed_type
from projects.models import DocumentType
from promotion.errors import Refused
from promotion.files.upload import KeptFile, kept_file

MOST_FILES = 20


@dataclass(frozen=True)
class CheckedFile(KeptFile):
    """An upload that may be kept, and what it is."""

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
    if document_type and document_type not in DocumentType.values:
        sentence = _("没有“%(type)s”这种材料，请从列表中选择。") % {"type": document_type[:24]}
        raise Refused(sentence, fields={"evidence": sentence})
    kept = kept_file(upload)
    known = document_type or guessed_type(kept.title)
    return CheckedFile(kept.upload, kept.title, kept.content_type, kept.size, kept.digest, known)

"""Keeping a paper of the staff file, as a part of the action whose record rests on it."""

from django.core.files.uploadedfile import UploadedFile

from promotion.files.upload import kept_file
from staff.models import Account, StaffPaper


def keep_paper(upload: UploadedFile, *, by: Account, field: str = "paper") -> StaffPaper:
    """Keep the file; the caller refers to it and writes the audit entry. Raises Refused, at the input named `field`."""
    kept = kept_file(upload, field=field)
    return StaffPaper.objects.create(
        title=kept.title,
        file=kept.upload,
        content_type=kept.content_type,
        size=kept.size,
        digest=kept.digest,
        uploaded_by=by,
    )

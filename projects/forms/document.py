"""Files as a form takes them: several at once, content checked in the action."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from projects.models import DocumentType

ACCEPTED = ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.pptx,.ofd,.txt"


class FilesInput(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploads (佐证材料); gives a list, empty when nothing was chosen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("佐证材料"))
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", _("PDF、图片或办公文档，可多选，单个不超过 20 MB。手机上可直接拍照。"))
        super().__init__(widget=FilesInput({"accept": ACCEPTED}), allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        uploads = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(one, initial) for one in uploads]


class EvidenceForm(forms.Form):
    """More evidence for an achievement that nobody has recognised, perhaps straight into a slot of its checklist."""

    evidence = FilesField(label=_("补充佐证"), required=True)
    document_type = forms.ChoiceField(
        label=_("材料类型"), choices=[("", _("按文件名判断")), *DocumentType.choices], required=False
    )


class ReplaceForm(forms.Form):
    """A newer edition of a file, with the reason."""

    upload = forms.FileField(
        label=_("新版文件"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ACCEPTED}),
        help_text=_("PDF、图片或办公文档，单个不超过 20 MB。"),
    )
    reason = forms.CharField(label=_("替换原因"), max_length=200, help_text=_("例如“补盖公章”“金额页更正”。"))


class TypeForm(forms.Form):
    """What a file is."""

    document_type = forms.ChoiceField(label=_("材料类型"), choices=DocumentType.choices)

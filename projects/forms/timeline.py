"""What is typed on the timeline."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.forms.achievement import DATE
from projects.forms.document import FilesField
from projects.forms.next_step import PersonField, clock_input
from projects.models import FollowUpKind, Project


class FollowUpForm(forms.Form):
    """What was done, what comes next, and files."""

    kind = forms.ChoiceField(label=_("方式"), choices=FollowUpKind.choices)
    happened_at = forms.DateTimeField(
        label=_("时间"), widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    )
    text = forms.CharField(label=_("内容"), max_length=4000, widget=forms.Textarea({"rows": 3}))
    next_step = forms.CharField(
        label=_("下一步"), max_length=120, required=False, help_text=_("留空则保留现在的下一步。")
    )
    next_step_on = forms.DateField(label=_("下一步日期"), widget=DATE, required=False)
    next_step_at = forms.TimeField(label=_("时刻"), widget=clock_input(), required=False)
    next_step_person: Any = PersonField()
    files = FilesField(label=_("附件"), required=False)  # type: ignore[assignment]

    def __init__(self, data: Any = None, files: Any = None, *, project: Project) -> None:
        initial = {
            "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
            "kind": FollowUpKind.VISIT,
            "next_step": project.next_step,
            "next_step_on": project.next_step_on,
            "next_step_at": project.next_step_at,
            "next_step_person": project.next_step_person and project.next_step_person.public_id,
        }
        super().__init__(data, files, initial=initial)
        self.fields["next_step_person"].narrow(project)  # type: ignore[attr-defined]
        self.fields["text"].widget.attrs |= {
            "data-mention": reverse("projects:mention-names", args=[project.public_id]),
            "aria-autocomplete": "list",
        }
        self.fields["text"].help_text = _("写 @姓名 可以提到看得到这个项目的同事，对方会收到通知。")

"""What is typed on the timeline."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.forms.achievement import DATE
from projects.forms.document import FilesField
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
    files = FilesField(label=_("附件"), required=False)  # type: ignore[assignment]

    def __init__(self, data: Any = None, files: Any = None, *, project: Project) -> None:
        initial = {
            "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
            "kind": FollowUpKind.VISIT,
            "next_step": project.next_step,
            "next_step_on": project.next_step_on,
        }
        super().__init__(data, files, initial=initial)

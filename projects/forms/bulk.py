"""What is changed over several projects at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.access.handover import posts_to_receive
from projects.forms.fields import day_input
from projects.models import Industry, Park, ProjectClass
from projects.workflow import Status
from staff.access import people_visible_to
from staff.models import Account

WHATS = [
    ("next_step", _("下一步")),
    ("project_class", _("项目等级")),
    ("park", _("园区")),
    ("industry", _("产业")),
    ("status", _("状态")),
    ("owner", _("服务专员")),
]
# Which inputs belong to what is changed; a reason goes with some.
INPUTS = {
    "next_step": ("next_step", "next_step_on"),
    "owner": ("receiver", "reason"),
    "status": ("status", "reason"),
}


class BulkForm(forms.Form):
    """The new value of one thing over several projects, and why where that is asked."""

    next_step = forms.CharField(label=_("下一步"), max_length=120)
    next_step_on = forms.DateField(label=_("下一步日期"), required=False, widget=day_input())
    project_class = forms.ChoiceField(label=_("项目等级"), choices=ProjectClass.choices)
    park = forms.ChoiceField(label=_("园区"), choices=Park.choices)
    industry = forms.ChoiceField(label=_("产业"), choices=Industry.choices)
    status = forms.ChoiceField(label=_("状态"), choices=Status.choices)
    receiver: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("接收人"),
        queryset=None,
        to_field_name="public_id",
        help_text=_("每个项目提出一份移交，接收人确认、批准人批准之后才换专员。"),
    )
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, data: Any = None, *, actor: Account, what: str) -> None:
        super().__init__(data)
        wanted = INPUTS.get(what, (what,))
        for name in [name for name in self.fields if name not in wanted]:
            del self.fields[name]
        if "receiver" in self.fields:
            self.fields["receiver"].queryset = people_visible_to(actor).filter(  # type: ignore[attr-defined]
                pk__in=posts_to_receive(actor).values("person"), left_on=None
            )

    def values(self) -> dict[str, Any]:
        """The new values, without the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}

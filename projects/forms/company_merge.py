"""Merging two companies: whose value each field takes, which first reception holds, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.queries.company_merge import Preview


class MergeForm(forms.Form):
    """One choice per field in which the two differ; what must be decided begins without an answer."""

    reason = forms.CharField(label=_("合并理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, preview: Preview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preview = preview
        for choice in preview.fields:
            if choice.differs:
                options = [("kept", choice.kept or "—"), ("lost", choice.lost or "—")]
                self.fields[choice.name] = forms.ChoiceField(
                    label=choice.label,
                    choices=options,
                    initial=choice.chosen,
                    required=False,
                    widget=forms.RadioSelect,
                )
        if preview.receptions:
            self.fields["reception"] = forms.ChoiceField(
                label=_("继续有效的首报首接"),
                choices=self._receptions(),
                widget=forms.RadioSelect,
                error_messages={"required": _("两家企业都有有效的首报首接，请明确由哪一个继续有效。")},
            )

    def _receptions(self) -> list[tuple[str, str]]:
        kept = self.preview.kept.pk
        return [
            (
                "kept" if each.company_id == kept else "lost",
                f"{each.team.name} · {each.person.name} · {each.claimed_at:%Y-%m-%d}",
            )
            for each in self.preview.receptions
        ]

    @property
    def chosen_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in ("reason", "reception")]

    def decision(self) -> dict[str, Any]:
        """What the action is asked for."""
        given = self.cleaned_data
        choices = {
            name: value for name, value in given.items() if value and name not in ("reason", "reception")
        }
        return {
            "choices": choices,
            "reception": given.get("reception", ""),
            "reason": given.get("reason", ""),
        }

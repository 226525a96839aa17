"""What a person can do, as HR types it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from staff.forms.day import DayInput
from staff.models import Account, Expertise, LanguageLevel
from staff.queries import known_fields, known_languages

USUAL = ("英语", "日语", "韩语", "德语", "法语", "俄语", "希伯来语", "西班牙语")


class SuggestingInput(forms.TextInput):
    """A text with suggestions; anything else may be typed."""

    def __init__(self, suggestions: Iterable[str] = ()) -> None:
        super().__init__()
        self.suggestions = suggestions

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The input, and the list beside it that the browser offers."""
        list_id = f"{name}-suggestions"
        drawn = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        offered = format_html_join("", '<option value="{}"></option>', ((each,) for each in self.suggestions))
        return format_html('{}<datalist id="{}">{}</datalist>', drawn, list_id, offered)


class LanguageSkillForm(forms.Form):
    """A language, how well, and the certificate."""

    language = forms.CharField(label=_("语种"), max_length=30)
    level = forms.ChoiceField(label=_("水平"), choices=LanguageLevel, initial=LanguageLevel.WORKING)
    starts_on = forms.DateField(label=_("起"), widget=DayInput(), initial=timezone.localdate)
    certificate = forms.CharField(
        label=_("证书"), max_length=80, required=False, help_text=_("如：日语能力考试 N1。")
    )
    paper = forms.FileField(label=_("证书材料"), required=False, help_text=_("PDF、图片或办公文档。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].widget = SuggestingInput(dict.fromkeys([*USUAL, *known_languages()]))


class FieldSkillForm(forms.Form):
    """A field of industry, how well, since when."""

    field = forms.CharField(label=_("产业领域"), max_length=30)
    level = forms.ChoiceField(label=_("程度"), choices=Expertise, initial=Expertise.FAMILIAR)
    starts_on = forms.DateField(label=_("起"), widget=DayInput(), initial=timezone.localdate)
    note = forms.CharField(
        label=_("说明"), max_length=120, required=False, help_text=_("如：在晶圆厂工作六年。")
    )

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].widget = SuggestingInput(known_fields(actor))


class SkillEndForm(forms.Form):
    """From which day on it counts no more, and why."""

    ends_on = forms.DateField(label=_("自哪天起不再计"), widget=DayInput(), initial=timezone.localdate)
    reason = forms.CharField(label=_("理由"), max_length=200)

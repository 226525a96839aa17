"""An application as its writer fills it in, and what HR says of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.actions.application import ClaimLine
from staff.models import Application, Competition, CompetitionPost, RequirementClaim
from staff.queries.application import claims_of

CHOICES = ("first", "second", "third")


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Gives a list of uploads, empty when none was chosen."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(each, initial) for each in files if each]


class ApplicationTableForm(forms.Form):
    """A table typed from paper forms, and the forms."""

    file = forms.FileField(
        label=_("报名录入表"),
        help_text=_("XLSX 或 CSV，一人一行；岗位填序号或全称。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
    )
    paper = forms.FileField(
        label=_("纸质报名表扫描件"), help_text=_("PDF 或图片，作为代录的依据；人事和纪检审计可看。")
    )


class ApplicationForm(forms.Form):
    """Up to three posts in order, and what is said for each requirement of the round.

    `asked` are the texts of the requirements of all posts with whom each is for; those of posts that were not chosen are left out by the action.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    first = forms.ModelChoiceField(
        label=_("第一志愿"), queryset=CompetitionPost.objects.none(), empty_label=_("请选择")
    )
    second = forms.ModelChoiceField(
        label=_("第二志愿"), queryset=CompetitionPost.objects.none(), empty_label=_("不填"), required=False
    )
    third = forms.ModelChoiceField(
        label=_("第三志愿"), queryset=CompetitionPost.objects.none(), empty_label=_("不填"), required=False
    )
    accepts_reassignment = forms.BooleanField(
        label=_("服从调剂"), required=False, help_text=_("所填志愿都满员时，愿意到同级别的其他岗位。")
    )
    statement = forms.CharField(
        label=_("竞聘陈述"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("为什么适合这个岗位，打算怎么做。不超过 2000 字。"),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        competition: Competition,
        application: Application | None,
        asked: Sequence[tuple[str, Any]],
    ) -> None:
        claims = {claim.text: claim for claim in claims_of(application)} if application else {}
        self.claims = claims
        super().__init__(data, files, initial=_drawn(application))
        posts = competition.posts.select_related("team")
        for name in CHOICES:
            self.fields[name].queryset = posts  # type: ignore[attr-defined]
        self.asked = list(asked)
        for place, (text, _whom) in enumerate(self.asked):
            said = claims[text].words if text in claims else ""
            self.fields[f"words_{place}"] = forms.CharField(
                label=text,
                max_length=500,
                required=False,
                initial=said,
                widget=forms.Textarea({"rows": 2}),
            )
            self.fields[f"papers_{place}"] = SeveralFilesField(label=_("佐证材料"), required=False)

    def asked_fields(self) -> list[tuple[Any, Any, Any, str, RequirementClaim | None]]:
        """For each requirement: whom it is for, its two inputs, the name of the boxes that take papers away, and what was said before."""
        return [
            (
                whom,
                self[f"words_{place}"],
                self[f"papers_{place}"],
                f"drop_{place}",
                self.claims.get(text),
            )
            for place, (text, whom) in enumerate(self.asked)
        ]

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        given = self.cleaned_data
        return {
            "posts": [given[name] for name in CHOICES if given.get(name)],
            "statement": given["statement"],
            "accepts_reassignment": given["accepts_reassignment"],
            "claims": {
                text: ClaimLine(
                    given[f"words_{place}"],
                    given[f"papers_{place}"],
                    self.data.getlist(f"drop_{place}"),  # type: ignore[attr-defined]
                )
                for place, (text, _whom) in enumerate(self.asked)
            },
            "seen": given["seen"],
        }


def _drawn(application: Application | None) -> dict[str, Any]:
    if application is None:
        return {}
    chosen = application.choices.order_by("rank").values_list("post", flat=True)
    return {
        **dict(zip(CHOICES, chosen, strict=False)),
        "seen": application.version,
        "statement": application.statement,
        "accepts_reassignment": application.accepts_reassignment,
    }


class ClaimForm(forms.Form):
    """Whether one requirement is met."""

    met = forms.TypedChoiceField(
        label=_("核验结果"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("符合")), ("no", _("不符合"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("核验意见"), max_length=200, required=False, help_text=_("不符合时必须写一句原因。")
    )

    def __init__(self, data: Any = None, *, claim: RequirementClaim) -> None:
        met = "" if claim.met is None else "yes" if claim.met else "no"
        super().__init__(data, initial={"met": met, "note": claim.note})


class EligibilityForm(forms.Form):
    """The decision on an application."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    eligible = forms.TypedChoiceField(
        label=_("审核结果"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("符合条件")), ("no", _("不符合条件"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("审核意见"), max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )


class ReviewForm(forms.Form):
    """The second look at a refusal."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    eligible = forms.TypedChoiceField(
        label=_("复核结果"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("改为符合条件")), ("no", _("维持不符合条件"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("复核意见"), max_length=300, widget=forms.Textarea({"rows": 3}))


class ComplaintForm(forms.Form):
    """Why the applicant asks for a second look."""

    text = forms.CharField(label=_("申诉理由"), max_length=500, widget=forms.Textarea({"rows": 4}))

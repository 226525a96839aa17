"""A round as HR writes it: its terms, its posts line by line, its criteria with their weights."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.access import teams_visible_to
from staff.actions.competition import TERMS, CriterionLine, PostLine
from staff.forms.day import DayInput
from staff.models import Account, BodyName, Competition, Grade, Team

MOST_POSTS, SPARE_POSTS = 80, 6
MOST_CRITERIA, SPARE_CRITERIA = 12, 2
# What a new round is proposed to be scored by (assumption; HR writes its own).
USUAL_CRITERIA = (
    (_("产业与政策"), _("熟悉产业政策和产业知识"), 30),
    (_("沟通与谈判"), _("外联沟通和商务谈判能力"), 30),
    (_("组织协调"), _("组织协调和团队合作能力"), 20),
    (_("岗位设想"), _("对所报岗位的理解和打算"), 20),
)


class MomentInput(forms.DateTimeInput):
    """The browser's own calendar with the time of day."""

    input_type = "datetime-local"

    def __init__(self, **attributes: Any) -> None:
        super().__init__(attrs=attributes, format="%Y-%m-%dT%H:%M")


class CompetitionForm(forms.Form):
    """The terms of a round. `seen` is the version that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("名称"), max_length=80)
    body_name = forms.ChoiceField(label=_("落款"), choices=BodyName.choices)
    notice = forms.CharField(label=_("公告"), max_length=5000, widget=forms.Textarea({"rows": 8}))
    upload = forms.FileField(label=_("公告附件"), required=False)
    opens_at = forms.DateTimeField(label=_("报名开始"), widget=MomentInput())
    closes_at = forms.DateTimeField(label=_("报名截止"), widget=MomentInput())
    requirements_on = forms.DateField(
        label=_("任职条件日期"), widget=DayInput(), help_text=_("按这一天施行的各级别任职条件审核。")
    )
    appoint_on = forms.DateField(label=_("聘任日期"), widget=DayInput())
    term_months = forms.IntegerField(label=_("聘期（月）"), min_value=1, max_value=120, initial=36)
    trim = forms.TypedChoiceField(
        label=_("去掉最高分和最低分"),
        coerce=int,
        choices=[(1, _("各去掉一位")), (0, _("不去掉"))],
        initial=1,
    )
    least_judges = forms.IntegerField(label=_("最少评委"), min_value=1, max_value=30, initial=5)
    pass_mark = forms.DecimalField(
        label=_("合格线"), min_value=0, max_value=100, decimal_places=2, initial=Decimal(60)
    )
    publicity_days = forms.IntegerField(label=_("公示工作日"), min_value=1, max_value=60, initial=5)
    replaces_all = forms.BooleanField(
        label=_("全员重新上岗"),
        required=False,
        initial=True,
        help_text=_("聘任日起，所有人的原任职都到前一日为止；不勾选则只结束被聘人员的原任职。"),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, competition: Competition | None = None
    ) -> None:
        drawn = {name: getattr(competition, name) for name in TERMS} if competition else None
        super().__init__(
            data, files, initial={**(drawn or {}), "seen": competition.version if competition else None}
        )

    def terms(self) -> dict[str, Any]:
        """The values by the names that the action knows."""
        return {name: self.cleaned_data[name] for name in TERMS}


class PostForm(forms.Form):
    """One post; a line without a team is left out."""

    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        label=_("团队"), queryset=None, required=False, to_field_name="code", empty_label="—"
    )
    grade = forms.ChoiceField(label=_("级别"), choices=Grade.choices, initial=Grade.SECOND)
    seats = forms.IntegerField(label=_("名额"), min_value=1, max_value=99, initial=1)
    language = forms.CharField(label=_("外语"), max_length=20, required=False)
    leads = forms.BooleanField(label=_("队长"), required=False)

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_visible_to(actor).filter(closed_on=None)  # type: ignore[attr-defined]


class _Posts(forms.BaseFormSet):  # type: ignore[type-arg]
    def lines(self) -> list[PostLine]:
        """The lines that name a team."""
        return [PostLine(**form.cleaned_data) for form in self.forms if form.cleaned_data.get("team")]


class CriterionForm(forms.Form):
    """One criterion; a line without a name is left out."""

    name = forms.CharField(label=_("评分标准"), max_length=40, required=False)
    words = forms.CharField(label=_("评分要点"), max_length=300, required=False)
    weight = forms.DecimalField(
        label=_("权重（%）"), min_value=0, max_value=100, decimal_places=2, required=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("name") and not given.get("weight") and "weight" not in self.errors:
            self.add_error("weight", _("请填写权重。"))
        return given


class _Criteria(forms.BaseFormSet):  # type: ignore[type-arg]
    def lines(self) -> list[CriterionLine]:
        """The lines that have a name."""
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]
        return [CriterionLine(line["name"], line["weight"], line["words"]) for line in filled]


_PostFormSet = forms.formset_factory(PostForm, formset=_Posts, extra=SPARE_POSTS, max_num=MOST_POSTS)
_CriterionFormSet = forms.formset_factory(
    CriterionForm, formset=_Criteria, extra=SPARE_CRITERIA, max_num=MOST_CRITERIA
)


def post_lines(data: Any, actor: Account, competition: Competition | None) -> Any:
    """The posts of a round to be written anew, and lines for further ones."""
    posts = competition.posts.select_related("team") if competition else ()
    drawn = [
        {
            "team": post.team.code,
            "grade": post.grade,
            "seats": post.seats,
            "language": post.language,
            "leads": post.leads,
        }
        for post in posts
    ]
    return _PostFormSet(data, initial=drawn, prefix="posts", form_kwargs={"actor": actor})


def criterion_lines(data: Any, competition: Competition | None) -> Any:
    """The criteria of a round; a new one is proposed the usual four."""
    if competition is None:
        drawn = [{"name": name, "words": words, "weight": weight} for name, words, weight in USUAL_CRITERIA]
    else:
        drawn = [
            {"name": each.name, "words": each.words, "weight": each.weight}
            for each in competition.criteria.all()
        ]
    return _CriterionFormSet(data, initial=drawn, prefix="criteria")


class ReasonForm(forms.Form):
    """A reason of a few lines; `seen` is the version that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea({"rows": 3}))

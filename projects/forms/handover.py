"""What is typed to hand over one project, or everything that a person has."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.access.handover import posts_to_receive
from projects.forms.fields import day_input
from projects.models import BatchKind, Project
from staff.access import people_visible_to, teams_visible_to
from staff.models import Account, DepartureState, Person


class ProposalForm(forms.Form):
    """Another specialist, why, and what he should know."""

    receiver: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("接收人"), queryset=None, to_field_name="public_id"
    )
    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea({"rows": 2}))
    note = forms.CharField(
        label=_("交接说明"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("企业关切、口头承诺、未尽事宜；任务、联系人和到期事项会自动列入。"),
    )
    shares_follow = forms.BooleanField(
        label=_("自移交日起，推进落地和服务专员份额归接收人"),
        required=False,
        help_text=_("不勾选则份额不变；已计的业绩在任何情况下都不变。"),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Account, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_visible_to(actor).filter(
            pk__in=posts_to_receive(actor).values("person"), left_on=None
        )
        self.fields["receiver"].queryset = people.exclude(pk=project.owner_id)  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """A word with the approval."""

    note = forms.CharField(label=_("批准意见"), max_length=200, required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RefusalForm(forms.Form):
    """Why it is rejected or taken back."""

    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea({"rows": 2}))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


def _of_departure(person: Person) -> dict[str, Any]:
    """What the open departure of a person says beforehand; the reason stays in the staff file."""
    leaving = person.departures.filter(state=DepartureState.OPEN).first()
    if leaving is None:
        return {}
    return {"kind": BatchKind.LEAVE, "last_day": leaving.last_day, "reason": gettext("离职交接")}


class BatchForm(forms.Form):
    """Who leaves when and why, and a receiver for each thing in custody; empty ones can be filled in bulk."""

    kind = forms.ChoiceField(label=_("事由"), choices=BatchKind.choices)
    last_day = forms.DateField(label=_("最后在岗日"), widget=day_input())
    reason = forms.CharField(label=_("说明"), max_length=200)
    everything_to = forms.ChoiceField(label=_("全部交给"), required=False)
    spread_over = forms.ChoiceField(label=_("在团队内平均分"), required=False)

    def __init__(self, data: Any, *, actor: Account, person: Person, keys: list[str]) -> None:
        super().__init__(data, initial={"last_day": timezone.localdate(), **_of_departure(person)})
        posts = posts_to_receive(actor).exclude(person=person).select_related("person", "team")
        self.posts = list(posts.order_by("team__position", "person__staff_number"))
        self.people = {post.person.public_id: post.person for post in self.posts}
        choices = [("", _("请选择"))] + [
            (post.person.public_id, f"{post.person.name} · {post.team.name}") for post in self.posts
        ]
        teams = {post.team_id for post in self.posts}
        listed = [team for team in teams_visible_to(actor).order_by("position") if team.pk in teams]
        self.fields["everything_to"].choices = choices  # type: ignore[attr-defined]
        self.fields["spread_over"].choices = [("", _("请选择"))] + [  # type: ignore[attr-defined]
            (team.public_id, team.name) for team in listed
        ]
        self.keys = keys
        for key in keys:
            self.fields[key] = forms.ChoiceField(label=_("接收人"), choices=choices, required=False)
            self.fields[key].widget.attrs["class"] = "form-select"

    def receivers(self) -> dict[str, Person]:
        """The receivers chosen so far, by the key of the item."""
        chosen = {key: self.cleaned_data.get(key) for key in self.keys}
        return {key: self.people[one] for key, one in chosen.items() if one in self.people}

    def filled(self) -> dict[str, str]:
        """The receivers after a bulk choice: one person for what has none yet, or a team's people in turn, evenly."""
        chosen = {key: self.cleaned_data.get(key) or "" for key in self.keys}
        team, person = self.cleaned_data.get("spread_over"), self.cleaned_data.get("everything_to")
        if team:
            members = [post.person.public_id for post in self.posts if post.team.public_id == team]
            loads = {one: sum(value == one for value in chosen.values()) for one in members}
            for key, value in chosen.items():
                if not value and loads:
                    chosen[key] = min(loads, key=lambda one: (loads[one], members.index(one)))
                    loads[chosen[key]] += 1
        elif person:
            chosen = {key: value or person for key, value in chosen.items()}
        return chosen

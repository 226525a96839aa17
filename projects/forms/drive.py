"""What is typed about supervised drives: a drive, its projects with a target, reports and judgements."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.actions.drive_lines import Target
from projects.forms.fields import day_input
from projects.models import Drive, DriveProject, ProjectClass, Rhythm
from projects.workflow import ORDER, Stage
from staff.access import people_visible_to, teams_visible_to
from staff.models import Account, Person, Team


def _text(label: Any, longest: int = 300, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea({"rows": 3}), **kwargs)


class DriveForm(forms.Form):
    """A drive; the last day is typed as people say it, and cleaned to the day after (`ends_on`)."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    purpose = _text(gettext_lazy("目标"), required=False)
    leader: Any = forms.ModelChoiceField(
        label=gettext_lazy("牵头人"), queryset=Person.objects.none(), to_field_name="public_id",
        empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("销号和办结由分管领导或发起人办理，牵头人不能给自己办结。"),
    )  # fmt: skip
    starts_on = forms.DateField(
        label=gettext_lazy("开始日期"), widget=day_input(), initial=timezone.localdate
    )
    last_day = forms.DateField(label=gettext_lazy("最后一天"), widget=day_input())
    rhythm = forms.ChoiceField(label=gettext_lazy("填报频次"), choices=Rhythm.choices)
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=200, required=False,
        help_text=gettext_lazy("改最后一天或牵头人时填写。"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Account, drive: Drive | None = None) -> None:
        super().__init__(data)
        people: Any = self.fields["leader"]
        people.queryset = people_visible_to(actor).filter(left_on=None).order_by("pinyin", "pk")
        if drive is None:
            del self.fields["reason"]
            return
        people.queryset = people_visible_to(actor).filter(Q(left_on=None) | Q(pk=drive.leader_id))
        del self.fields["starts_on"]
        self.initial = {
            "seen": drive.version,
            "name": drive.name,
            "purpose": drive.purpose,
            "leader": drive.leader.public_id,
            "last_day": drive.ends_on - timedelta(days=1),
            "rhythm": drive.rhythm,
        }

    def values(self) -> dict[str, Any]:
        """The keywords of the action."""
        given = dict(self.cleaned_data)
        given["ends_on"] = given.pop("last_day") + timedelta(days=1)
        if "starts_on" in given:
            del given["seen"]
        return given

    def add_error(self, field: str | None, error: Any) -> None:
        """What the action says of `ends_on` stands at the last day."""
        super().add_error("last_day" if field == "ends_on" else field, error)

    def has_error(self, field: str | None, code: str | None = None) -> bool:
        return super().has_error("last_day" if field == "ends_on" else field, code)


class TargetForm(forms.Form):
    """A target stage that facts decide, or words; and the day."""

    stage = forms.ChoiceField(
        label=gettext_lazy("目标阶段"),
        required=False,
        choices=[("", gettext_lazy("不按阶段，用文字说明")), *[(s.value, s.label) for s in ORDER[1:]]],
        help_text=gettext_lazy("选了阶段，进度由阶段变更和已认定的里程碑计算，不用填百分比。"),
    )
    text = forms.CharField(
        label=gettext_lazy("目标说明"), max_length=120, required=False,
        help_text=gettext_lazy("例如 完成环评批复。选了阶段可以不写。"),
    )  # fmt: skip
    due_on = forms.DateField(label=gettext_lazy("完成期限"), widget=day_input())

    def target(self) -> Target:
        given = self.cleaned_data
        return Target(due_on=given["due_on"], stage=given["stage"], text=given["text"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("stage") and not given.get("text"):
            self.add_error("stage", _("请选择目标阶段，或写明目标。"))
        return given


class ChooseDriveForm(TargetForm):
    """Which running drive the chosen projects join."""

    drive: Any = forms.ModelChoiceField(
        label=gettext_lazy("督查行动"),
        queryset=Drive.objects.none(),
        to_field_name="public_id",
        empty_label=gettext_lazy("请选择"),
    )
    field_order = ["drive", "stage", "text", "due_on"]

    def __init__(self, data: Any = None, *, drives: QuerySet[Drive]) -> None:
        super().__init__(data)
        self.fields["drive"].queryset = drives  # type: ignore[attr-defined]
        if not drives.exists():
            self.fields["drive"].help_text = _("还没有您管理的进行中行动；请先在“攻坚督查”发起。")


class NarrowForm(forms.Form):
    """What narrows the choice of projects, drawn as single choices; `ProjectFilter` reads the same address."""

    q = forms.CharField(label=gettext_lazy("名称、企业或编号"), max_length=60, required=False)
    team: Any = forms.ModelChoiceField(
        label=gettext_lazy("团队"), queryset=Team.objects.none(), to_field_name="public_id", required=False,
        empty_label=gettext_lazy("全部"),
    )  # fmt: skip
    stage = forms.ChoiceField(
        label=gettext_lazy("阶段"), choices=[("", gettext_lazy("全部")), *Stage.choices], required=False
    )
    project_class = forms.ChoiceField(
        label=gettext_lazy("等级"),
        choices=[("", gettext_lazy("全部")), *ProjectClass.choices],
        required=False,
    )

    def __init__(self, data: Any = None, *, actor: Account) -> None:
        super().__init__(data)
        teams: Any = self.fields["team"]
        teams.queryset = teams_visible_to(actor)


class _LineForm(forms.Form):
    """A form about one project of a drive; the version that the page showed goes back with it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, line: DriveProject) -> None:
        super().__init__(data, files)
        self.line = line
        self.initial["seen"] = line.version


class LineReportForm(_LineForm):
    """What was done, and what is in the way; percent only where no stage says it."""

    done = _text(gettext_lazy("进展"))
    issue = _text(gettext_lazy("存在问题"), required=False)
    progress = forms.IntegerField(
        label=gettext_lazy("自报进度（%）"), min_value=0, max_value=100,
        help_text=gettext_lazy("目标是文字，系统算不出进度，由填报人估计；100 也要等第二人销号才算完成。"),
    )  # fmt: skip
    on = forms.DateField(label=gettext_lazy("填报日期"), widget=day_input(), initial=timezone.localdate)
    photo = forms.FileField(label=gettext_lazy("现场照片"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, line: DriveProject) -> None:
        super().__init__(data, files, line=line)
        if line.target_stage:
            del self.fields["progress"]
        else:
            self.initial["progress"] = line.progress
        self.initial["issue"] = line.issue


class LineTargetForm(_LineForm, TargetForm):
    reason = _text(gettext_lazy("理由"), 200)

    def __init__(self, data: Any = None, files: Any = None, *, line: DriveProject) -> None:
        super().__init__(data, files, line=line)
        self.initial.update(stage=line.target_stage, text=line.target, due_on=line.due_on)

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"target": self.target(), "reason": given["reason"], "seen": given["seen"]}


class LineDoneForm(_LineForm):
    result = _text(gettext_lazy("完成情况"), 200)
    on = forms.DateField(label=gettext_lazy("销号日期"), widget=day_input(), initial=timezone.localdate)


class LineRemoveForm(_LineForm):
    reason = _text(gettext_lazy("理由"), 200)


class CloseDriveForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    result = _text(gettext_lazy("督查结果"), 500)
    on = forms.DateField(label=gettext_lazy("办结日期"), widget=day_input(), initial=timezone.localdate)

    def __init__(self, data: Any = None, *, drive: Drive) -> None:
        super().__init__(data)
        self.initial["seen"] = drive.version

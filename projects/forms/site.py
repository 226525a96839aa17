"""What is typed for plots, plants, demands and reservations."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.access import plants_visible_to, plots_visible_to, projects_visible_to
from projects.actions.reservation import LONGEST
from projects.actions.site import PLANT_FIELDS, PLOT_FIELDS
from projects.forms.achievement import in_wan
from projects.forms.fields import AmountField, day_input
from projects.models import Park, Plant, Plot, Project, Reservation, SiteStatus, SiteUse
from staff.models import Account

USUAL = timedelta(days=90)
ANY = ("", _("不限"))


class CornersField(forms.CharField):
    """An outline as people write it: “0,0 200,0 200,150 0,150”, metres from the park's south-west corner."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return " ".join(f"{x:g},{y:g}" for x, y in value)
        return value

    def clean(self, value: Any) -> list[list[float]]:
        text = super().clean(value)
        try:
            return [[float(part) for part in pair.split(",")] for pair in text.replace("，", ",").split()]
        except ValueError as error:
            raise forms.ValidationError(_("每个顶点写成 x,y，顶点之间用空格隔开。")) from error


class PlotForm(forms.Form):
    """A plot as it is entered or changed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, plot: Plot | None = None, **kwargs: Any) -> None:
        if plot is not None:
            kwargs["initial"] = {name: getattr(plot, name) for name in (*PLOT_FIELDS, "version")}
            kwargs["initial"]["price"] = in_wan(plot.price)
        super().__init__(*args, **kwargs)
        self.fields.update(fields_for_model(Plot, fields=PLOT_FIELDS))
        self.fields["price"] = AmountField(label=_("指导价（万元/亩）"), required=False)
        self.fields["corners"] = CornersField(
            label=_("图形"),
            required=False,
            widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
            help_text=_("顶点坐标（米，自园区西南角向东、向北），例如 0,0 200,0 200,150 0,150；地图按它画。"),
        )
        self.order_fields(PLOT_FIELDS)


class PlantForm(forms.Form):
    """A plant as it is entered or changed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Account, plant: Plant | None = None, **kwargs: Any) -> None:
        if plant is not None:
            kwargs["initial"] = {name: getattr(plant, name) for name in (*PLANT_FIELDS, "version")}
        super().__init__(*args, **kwargs)
        self.fields.update(fields_for_model(Plant, fields=PLANT_FIELDS))
        self.fields["plot"].queryset = plots_visible_to(actor)  # type: ignore[attr-defined]
        self.order_fields(PLANT_FIELDS)


class DemandForm(forms.Form):
    """What a project needs; empty wishes ask for nothing."""

    kind = forms.ChoiceField(
        label=_("要什么"), choices=[("plot", _("地块")), ("plant", _("厂房"))], required=False
    )
    area = forms.DecimalField(
        label=_("面积（亩或㎡）"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2, required=False
    )
    power = forms.IntegerField(label=_("供电（kVA）"), min_value=0, max_value=10_000_000, required=False)
    use = forms.ChoiceField(label=_("用途"), choices=[ANY, *SiteUse.choices], required=False)
    park = forms.ChoiceField(label=_("园区"), choices=[ANY, *Park.choices], required=False)
    start = forms.DateField(label=_("使用自"), required=False, widget=day_input())
    end = forms.DateField(label=_("使用至（不含）"), required=False, widget=day_input())
    gas = forms.BooleanField(label=_("要通气"), required=False)
    steam = forms.BooleanField(label=_("要通蒸汽"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("start") and given.get("end") and given["end"] <= given["start"]:
            self.add_error("end", _("截止日期必须晚于开始日期。"))
        return given | {"kind": given.get("kind") or "plot"}


class SiteRequestForm(forms.Form):
    """Which place for how long; a place that is taken may be waited for."""

    site = forms.ChoiceField(label=_("地块或厂房"))
    area = forms.DecimalField(
        label=_("面积（亩）"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        help_text=_("地块可以只要一部分；留空为整块。厂房整处预留。"),
    )
    starts_on = forms.DateField(label=_("自"), widget=day_input())
    ends_on = forms.DateField(label=_("至（不含）"), widget=day_input())
    reason = forms.CharField(
        label=_("用地理由"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    wait = forms.BooleanField(
        label=_("已被预留时登记候补"), required=False, help_text=_("空出时按先后通知您，再转为申请。")
    )

    def __init__(self, *args: Any, actor: Account, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["starts_on"].initial, self.fields["ends_on"].initial = today, today + USUAL
        self.fields["ends_on"].help_text = _("一次最多 %(days)s 天。") % {"days": LONGEST.days}
        plots = [p for p in plots_visible_to(actor) if p.status == SiteStatus.OPEN]
        plants = [p for p in plants_visible_to(actor) if p.status == SiteStatus.OPEN]
        self.places: dict[str, Plot | Plant] = {}
        self.places |= {plot.public_id: plot for plot in plots}
        self.places |= {plant.public_id: plant for plant in plants}
        self.fields["site"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            *((_grouped(_("地块"), plots, _("亩"))) if plots else ()),
            *((_grouped(_("厂房"), plants, _("㎡"))) if plants else ()),
        ]

    def request(self) -> tuple[bool, dict[str, Any]]:
        """Whether to wait, and the arguments of the action."""
        given = dict(self.cleaned_data)
        place = self.places[given.pop("site")]
        waits = given.pop("wait")
        given |= {"plot": place} if isinstance(place, Plot) else {"plant": place}
        if waits:
            del given["starts_on"], given["ends_on"]
        return waits, given


def _grouped(label: Any, places: Sequence[Plot | Plant], unit: Any) -> list[tuple[Any, Any]]:
    return [(label, [(p.public_id, f"{p} · {p.area.normalize():f} {unit}") for p in places])]


class ExistingForm(forms.Form):
    """Which project stands there already, since when, and until when if not for good."""

    project: Any = forms.ModelChoiceField(
        label=_("项目编号"),
        queryset=Project.objects.none(),
        to_field_name="code",
        widget=forms.TextInput({"autocomplete": "off", "placeholder": "XM-2026-0001"}),
        error_messages={"invalid_choice": _("没有这个编号，或您不能查看它。")},
    )
    area = forms.DecimalField(
        label=_("面积（亩）"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        help_text=_("地块可以只要一部分；留空为整块。厂房整处预留。"),
    )
    starts_on = forms.DateField(label=_("自"), widget=day_input())
    ends_on = forms.DateField(
        label=_("至（不含）"), widget=day_input(), required=False, help_text=_("长期使用时留空。")
    )
    reason = forms.CharField(
        label=_("用地理由"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects_visible_to(actor)  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """What an act on a reservation asks for: only the fields of its verb."""

    starts_on = forms.DateField(label=_("自"), widget=day_input())
    ends_on = forms.DateField(label=_("至（不含）"), widget=day_input())
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea({"rows": 2}))
    note = forms.CharField(
        label=_("意见"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asks: Sequence[str], reservation: Reservation, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {
            "seen": reservation.version,
            "starts_on": today,
            "ends_on": max(reservation.ends_on or today, today) + USUAL,
        }
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(asks):
            del self.fields[name]

"""What an indicator is held against: a target that is there, a new one, or none."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.part import (
    CannotShow,
    Entry,
    Part,
    Place,
    free_key,
    holder,
    main_code,
    main_measure,
    put_usual,
)
from kpi.scoring.periods import PERIODS

NEW = "+"


class TargetForm(Part):
    """The target that the rule measures against."""

    heading = gettext_lazy("和什么比")
    template = "kpi/parts/target.html"
    needed = True

    target = forms.ChoiceField(label=gettext_lazy("目标任务"), required=False)
    target_title = forms.CharField(
        label=gettext_lazy("新目标的名称"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("选“新设一个目标”时填；保存后到“目标任务”里下达"),
    )
    timing = forms.ChoiceField(label=gettext_lazy("按哪段时间的目标"), required=False)

    level = forms.ChoiceField(
        label=gettext_lazy("哪一档目标"),
        required=False,
        choices=(("base", gettext_lazy("年度目标")), ("stretch", gettext_lazy("加压目标"))),
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        held = holder(entry)
        if "base" in held or "growth" in held:
            raise CannotShow
        return {
            "target": held.get("target", ""),
            "timing": held.get("timing", "annual"),
            "level": held.get("level", "base"),
        }

    def prepare(self, entry: Entry) -> None:
        targets = [
            (code, f"{target.title}（{target.unit}）") for code, target in self.setting.scheme.targets.items()
        ]
        none = _("请选择") if self.needed else _("不比目标，直接看数量")
        self.fields["target"] = forms.ChoiceField(
            label=_("目标任务"),
            required=self.needed,
            choices=[("", none), *targets, (NEW, _("新设一个目标…"))],
        )
        self.need("target_title", when=self.data.get("target") == NEW)
        usual = [("annual", _("全年目标")), ("elapsed", _("时序目标（按已过的时间折算）"))]
        periods = [(code, one.title) for code, one in PERIODS.items() if not code.startswith("M")]
        self.fields["timing"] = forms.ChoiceField(
            label=_("按哪段时间的目标"), required=False, choices=[*usual, *periods]
        )

    def write(self, entry: Entry, document: Entry) -> None:
        held, code = holder(entry), main_code(entry)
        before, chosen = held.get("target"), self.cleaned_data["target"]
        if chosen == NEW:
            chosen = self._new_target(entry, document)
        self._write_progress(entry, code, before, chosen)
        timing = self.cleaned_data["timing"] or "annual"
        if not chosen:
            for key in ("target", "timing", "level"):
                held.pop(key, None)
            return
        held["target"] = chosen
        put_usual(held, "timing", timing, "annual")
        put_usual(held, "level", self.cleaned_data["level"] or "base", "base")

    def _new_target(self, entry: Entry, document: Entry) -> str:
        targets = dict(document.get("targets", {}))
        code = free_key(targets, "target")
        unit = main_measure(entry).get("unit", "个")
        targets[code] = {"title": self.cleaned_data["target_title"], "unit": unit}
        document["targets"] = targets
        return code

    def _write_progress(self, entry: Entry, code: str, before: str | None, chosen: str) -> None:
        """The bar of progress follows the target, unless it shows something else."""
        own = entry.get("progress") == {"of": code, "target": before}
        if chosen and (own or ("progress" not in entry and "code" not in entry)):
            entry["progress"] = {"of": code, "target": chosen}
        elif own and not chosen:
            del entry["progress"]

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield ("rule", "target"), "target"
        yield ("rule", "part", "target"), "target"
        yield ("rule", "terms", 0, "target"), "target"


class OptionalTargetForm(TargetForm):
    """A target, or the plain figure."""

    needed = False

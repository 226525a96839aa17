"""On which further conditions somebody gets an award, and who is passed over at its places."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.facts import in_order
from kpi.forms.indicator.part import Entry, Part, Place, checked, missing, put
from staff.models import AbsenceKind, Identity

KEYS = ("if_all", "if_any")
CLASSES: dict[str, list[str]] = {"strategic": ["strategic"], "major": ["major", "strategic"]}


def _projects(introduced: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the form shows of a condition on projects; None for one that it has no fields for."""
    for chosen, classes in CLASSES.items():
        if sorted(introduced["classes"]) == sorted(classes):
            return {
                "projects": chosen,
                "projects_count": introduced["at_least"],
                "projects_since": introduced.get("since"),
            }
    return None


class AwardWantedForm(Part):
    """Identity, awards of earlier years, projects of a career."""

    heading = gettext_lazy("还要什么条件")
    template = "kpi/parts/award_wanted.html"

    identity = checked(gettext_lazy("身份"), Identity.choices, gettext_lazy("都不选就不看身份"))
    won_award = forms.ChoiceField(label=gettext_lazy("连续获哪个奖"), required=False)
    won_years = forms.IntegerField(label=gettext_lazy("连续几年"), required=False, min_value=1, max_value=20)
    projects = forms.ChoiceField(
        label=gettext_lazy("引进项目"),
        required=False,
        choices=(
            ("", gettext_lazy("不看")),
            ("strategic", gettext_lazy("重特大项目")),
            ("major", gettext_lazy("重大和重特大项目")),
        ),
        help_text=gettext_lazy("以本人引进并已签约的为准；和连续获奖任一项成立就算"),
    )
    projects_count = forms.IntegerField(
        label=gettext_lazy("不少于几个"), required=False, min_value=1, max_value=999
    )
    projects_since = forms.IntegerField(
        label=gettext_lazy("从哪一年起累计"),
        required=False,
        min_value=2000,
        max_value=2100,
        help_text=gettext_lazy("不写就只算本年"),
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        found: dict[str, Any] = {"identity": [], "won_award": "", "projects": ""}
        for _key, _at, one in _conditions(entry):
            if "identity" in one:
                found["identity"] = list(one["identity"])
            elif "won" in one:
                found |= {"won_award": one["won"]["award"], "won_years": one["won"]["years"]}
            elif "introduced" in one:
                found |= _projects(one["introduced"]) or {}
        return found

    def prepare(self, entry: Entry) -> None:
        code = entry.get("code", "")
        before = []
        for one in self.setting.scheme.awards:
            if one.code == code:
                break
            before.append((one.code, one.title))
        chosen = self.initial["won_award"]
        if chosen and chosen not in dict(before):
            before.append((chosen, chosen))
        self.fields["won_award"] = forms.ChoiceField(
            label=_("连续获哪个奖"),
            required=False,
            choices=[("", _("不看")), *before],
            help_text=_("只列出写在前面的奖项；以批准授予的为准"),
        )
        self.others = sum(not _is_shown(one) for _key, _at, one in _conditions(entry))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("won_award") and not cleaned.get("won_years") and "won_years" not in self.errors:
            self.add_error("won_years", missing(_("请写连续几年。")))
        if (
            cleaned.get("projects")
            and not cleaned.get("projects_count")
            and "projects_count" not in self.errors
        ):
            self.add_error("projects_count", missing(_("请写不少于几个。")))
        return cleaned

    def write(self, entry: Entry, document: Entry) -> None:
        cleaned = self.cleaned_data
        held = next((one["identity"] for _k, _a, one in _conditions(entry) if "identity" in one), ())
        identity = in_order(held, cleaned["identity"])
        _settle(entry, "identity", {"identity": identity} if identity else None, "if_all")
        won = {"award": cleaned["won_award"], "years": cleaned["won_years"]}
        _settle(entry, "won", {"won": won} if cleaned["won_award"] else None, "if_any")
        self._write_projects(entry, cleaned)

    def _write_projects(self, entry: Entry, cleaned: Mapping[str, Any]) -> None:
        if not cleaned["projects"]:
            held = next((one for _k, _a, one in _conditions(entry) if _is_projects(one)), None)
            if held is not None:
                _drop(entry, held)
            return
        held_classes = next(
            (one["introduced"]["classes"] for _k, _a, one in _conditions(entry) if _is_projects(one)), ()
        )
        wanted: Entry = {
            "classes": in_order(held_classes, CLASSES[cleaned["projects"]]),
            "at_least": cleaned["projects_count"],
        }
        put(wanted, "since", cleaned["projects_since"])
        _settle(entry, "introduced", {"introduced": wanted}, "if_any")

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        for key, at, one in _conditions(entry):
            name = "identity" if "identity" in one else "won_award" if "won" in one else "projects"
            yield (key, at), name


def _conditions(entry: Entry) -> Iterator[tuple[str, int, Entry]]:
    """Every condition with the list it stands in and its place there."""
    for key in KEYS:
        for at, one in enumerate(entry.get(key, ())):
            yield key, at, one


def _is_projects(one: Entry) -> bool:
    return "introduced" in one and _projects(one["introduced"]) is not None


def _is_shown(one: Entry) -> bool:
    return "reached" not in one and ("introduced" not in one or _is_projects(one))


def _settle(entry: Entry, word: str, wanted: Entry | None, key: str) -> None:
    """Put the condition in the place of the one there is, at the end of a list where there is none, or drop it."""
    held = next((one for _key, _at, one in _conditions(entry) if word in one), None)
    if held is not None and wanted is not None:
        held[word] = wanted[word]
    elif held is not None:
        _drop(entry, held)
    elif wanted is not None:
        entry.setdefault(key, []).append(wanted)


def _drop(entry: Entry, held: Entry) -> None:
    for key in KEYS:
        kept = [one for one in entry.get(key, ()) if one is not held]
        if key in entry:
            put(entry, key, kept or None)


class AwardExceptForm(Part):
    """Who is passed over at a place, and whether the next moves up."""

    heading = gettext_lazy("谁除外")
    template = "kpi/parts/award_except.html"

    months = forms.IntegerField(
        label=gettext_lazy("到岗不满几个月的"), required=False, min_value=1, max_value=120
    )
    reasons = checked(gettext_lazy("因这些事由离岗的"), AbsenceKind.choices)
    away_days = forms.IntegerField(
        label=gettext_lazy("年内累计满几天"), required=False, min_value=1, max_value=366
    )
    seconded = forms.IntegerField(
        label=gettext_lazy("年内借调满几天的"), required=False, min_value=1, max_value=366
    )
    ties = forms.BooleanField(label=gettext_lazy("并列跨过界线的"), required=False)
    next_in_line = forms.BooleanField(label=gettext_lazy("除外的由下一名递补"), required=False)

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        held = entry.get("except", {})
        away = held.get("away", {})
        return {
            "months": held.get("months_in_post"),
            "reasons": list(away.get("reasons", ())),
            "away_days": away.get("days"),
            "seconded": held.get("seconded_days"),
            "ties": held.get("ties", False),
            "next_in_line": entry.get("next_in_line", False),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reasons") and not cleaned.get("away_days") and "away_days" not in self.errors:
            self.add_error("away_days", missing(_("请写累计满几天。")))
        if cleaned.get("away_days") and not cleaned.get("reasons"):
            self.add_error("reasons", missing(_("请勾离岗的事由。")))
        return cleaned

    def write(self, entry: Entry, document: Entry) -> None:
        cleaned = self.cleaned_data
        held = dict(entry.get("except", {}))
        away = held.get("away", {})
        put(held, "months_in_post", cleaned["months"])
        reasons = in_order(away.get("reasons", ()), cleaned["reasons"])
        put(held, "away", {**away, "reasons": reasons, "days": cleaned["away_days"]} if reasons else None)
        put(held, "seconded_days", cleaned["seconded"])
        put(held, "ties", True if cleaned["ties"] else None)
        put(entry, "except", held or None)
        usual = False if "next_in_line" in entry else None
        put(entry, "next_in_line", True if cleaned["next_in_line"] else usual)

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from (
            (("except", "months_in_post"), "months"),
            (("except", "away"), "reasons"),
            (("except", "seconded_days"), "seconded"),
            (("except", "ties"), "ties"),
            (("except",), "months"),
            (("next_in_line",), "next_in_line"),
        )

"""The working calendar of a year: what the notice says, what was corrected, and the form for corrections."""

import re
from calendar import Calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

import chinese_calendar
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from promotion.access import can_correct_calendar
from promotion.actions import correct_calendar, withdraw_correction
from promotion.errors import Refused
from promotion.models import CalendarCorrection
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.working_days import DAY, is_announced, working_calendar

FIRST_YEAR = 2004
LONGEST_RANGE = 40
LINE = re.compile(
    r"^(?P<first>\d{4}[-./年]\d{1,2}[-./月]\d{1,2})日?"
    r"(?:\s*(?:至|到|~|～|—|–|-)\s*(?P<last>(?:\d{4}[-./年])?\d{1,2}[-./月]\d{1,2})日?)?"
    r"\s*[,，:：、\s]?\s*(?P<word>休|班|休息|放假|上班|off|on)$",
    re.IGNORECASE,
)
WORKED = ("班", "上班", "on")


@dataclass(frozen=True)
class Day:
    """One day as the year shows it: 休 or 班 where that differs from its weekday, and why."""

    day: date
    working: bool
    mark: str
    why: str
    corrected: bool
    today: bool


@dataclass(frozen=True)
class Month:
    label: str
    weeks: list[list[Day | None]]
    worked: int


class CorrectionForm(forms.Form):
    """Days, one a line, and what they rest on."""

    days = forms.CharField(
        label=gettext_lazy("日期"),
        max_length=4000,
        widget=forms.Textarea({"rows": 4, "placeholder": "2027-02-05 至 2027-02-11 休\n2027-01-31 班"}),
        help_text=gettext_lazy("每行一天或一段，后面写“休”或“班”；可以把通知里的几行一起粘进来。"),
    )
    note = forms.CharField(
        label=gettext_lazy("依据"), max_length=120, help_text=gettext_lazy("例如：国办发明电〔2026〕7 号")
    )

    def clean_days(self) -> dict[date, bool]:
        try:
            return read_days(self.cleaned_data["days"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal


def read_days(text: str) -> dict[date, bool]:
    """The days of pasted lines. Raises Refused naming the first line that cannot be read."""
    found: dict[date, bool] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = LINE.match(line.strip())
        days = _range(match) if match else []
        if match is None or not days:
            raise Refused(
                _(
                    "第 %(number)s 行看不懂：“%(line)s”。请写成“2027-02-05 休”或“2027-02-05 至 2027-02-11 休”。"
                )
                % {"number": number, "line": line.strip()[:40]},
                fields={"days": _("第 %(number)s 行看不懂。") % {"number": number}},
            )
        found |= dict.fromkeys(days, match["word"].lower() in WORKED)
    return found


def _range(match: re.Match[str]) -> list[date]:
    """The days that a line names; none when it cannot be."""
    first = [int(part) for part in re.findall(r"\d+", match["first"])]
    last = [int(part) for part in re.findall(r"\d+", match["last"] or match["first"])]
    try:
        start = date(first[0], first[1], first[2])
        end = date(*last) if len(last) == 3 else date(start.year, *last)
    except ValueError:
        return []
    length = (end - start).days + 1
    return [start + DAY * n for n in range(length)] if 0 < length <= LONGEST_RANGE else []


@require_GET
def working_days(request: SignedInRequest) -> HttpResponse:
    """The year, for everybody; the form for those who keep it."""
    return _year_page(request, CorrectionForm())


@require_POST
def correct(request: SignedInRequest) -> HttpResponse:
    """Add corrections; what cannot be read stays in the form."""
    form = CorrectionForm(request.POST)
    if form.is_valid():
        written = attempt(form, lambda: correct_calendar(actor=request.user, **form.cleaned_data))
        if written:
            text = _("已登记 %(count)s 天修正，所有时限从现在起按新日历计算。") % {"count": len(written)}
            return done(request, f"{reverse('working-days')}?year={written[0].day.year}", text)
    return _year_page(request, form, status=422)


@require_POST
def withdraw(request: SignedInRequest) -> HttpResponse:
    """Take one correction back."""
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise Refused(_("请选择要撤销的日期。")) from error
    withdraw_correction(actor=request.user, day=day)
    return done(request, f"{reverse('working-days')}?year={day.year}", _("修正已撤销。"))


def _year_page(request: SignedInRequest, form: CorrectionForm, status: int = 200) -> HttpResponse:
    this_year = timezone.localdate().year
    asked = request.GET.get("year", "") or request.POST.get("year", "")
    year = int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked) <= this_year + 5 else this_year
    corrections = list(CalendarCorrection.objects.filter(day__year=year).select_related("set_by"))
    months = year_of(year, {one.day: one for one in corrections})
    context: dict[str, Any] = {
        "year": year,
        "years": [one for one in range(year - 1, year + 2) if FIRST_YEAR <= one <= this_year + 5],
        "months": months,
        "corrections": corrections,
        "announced": is_announced(year),
        "worked": sum(month.worked for month in months),
        "form": form if can_correct_calendar(request.user) else None,
    }
    return page(request, "promotion/working_days.html", context, status=status)


def year_of(year: int, corrections: dict[date, CalendarCorrection]) -> list[Month]:
    """The twelve months with their weeks from Monday on."""
    calendar, today = working_calendar(), timezone.localdate()
    months = []
    for number in range(1, 13):
        weeks: list[list[Day | None]] = [
            [
                _day(day, calendar.is_working(day), corrections.get(day), today)
                if day.month == number
                else None
                for day in week
            ]
            for week in Calendar().monthdatescalendar(year, number)
        ]
        worked = sum(1 for week in weeks for day in week if day and day.working)
        months.append(Month(_("%(month)s月") % {"month": number}, weeks, worked))
    return months


def _day(day: date, working: bool, correction: CalendarCorrection | None, today: date) -> Day:
    mark = _("班") if working else _("休")
    differs = working != (day.weekday() < 5)
    why = correction.note if correction else _reason(day) if differs else ""
    return Day(day, working, mark if differs or correction else "", why, correction is not None, day == today)


def _reason(day: date) -> str:
    """The holiday for which the day is free, or worked instead."""
    try:
        _off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return ""
    found = next((one for one in chinese_calendar.Holiday if one.value == name), None)
    if found is None:
        return ""
    words = {
        "new_years_day": _("元旦"),
        "spring_festival": _("春节"),
        "tomb_sweeping_day": _("清明节"),
        "labour_day": _("劳动节"),
        "dragon_boat_festival": _("端午节"),
        "national_day": _("国庆节"),
        "mid_autumn_festival": _("中秋节"),
    }
    return words.get(found.name, str(found.chinese))

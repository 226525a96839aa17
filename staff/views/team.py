"""The organisation and its teams, as they stand today or on any past day."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from promotion.web.pages import page
from promotion.web.requests import SignedInRequest
from staff.access import can_change_roster, teams_visible_to
from staff.forms.day import DayForm
from staff.models import Grade, TeamKind
from staff.queries import as_on, headcount, languages_of, members_of, organisation_on
from staff.queries.absence import away_by_team, away_on
from staff.queries.organisation import Organisation

#: The kinds of team inside the house.
HOUSE = tuple(kind for kind in TeamKind if kind != TeamKind.UNIT)


@require_GET
def team_list(request: SignedInRequest) -> HttpResponse:
    """Departments with their task forces, stationed teams and offices, and the people of each by grade."""
    form, day = asked_day(request)
    organisation = organisation_on(request.user, day)
    away = away_by_team(request.user, day)
    for each in organisation.teams:
        each.away = away.get(each.team.pk, 0)
    context = {
        "form": form,
        "organisation": organisation,
        "figures": figures_of(organisation),
        "is_today": day == timezone.localdate(),
        # Links keep the day that is shown.
        "day_query": "" if day == timezone.localdate() else f"?on={day.isoformat()}",
        "can_change_roster": can_change_roster(request.user),
    }
    return page(request, "staff/team_list.html", context)


@require_GET
def team(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One team: members of the day and before, languages, the teams above and below."""
    found = get_object_or_404(teams_visible_to(request.user).select_related("parent"), public_id=public_id)
    form, day = asked_day(request)
    pasts = list(found.pasts.select_related("parent"))
    as_was = as_on([found], day, pasts)[0]
    present, past = members_of(request.user, found, day)
    context = {
        "team": as_was,
        "pasts": pasts,
        "can_change": can_change_roster(request.user)
        and found.closed_on is None
        and day == timezone.localdate(),
        "form": form,
        "day": day,
        "is_today": day == timezone.localdate(),
        "present": present,
        "away": away_on(request.user, day),
        "headcount": headcount(request.user, found, day),
        "past": past,
        "grades": [(grade.label, sum(post.grade == grade for post in present)) for grade in Grade],
        "leaders": [post for post in present if post.is_leader],
        "languages": languages_of([post.person_id for post in present], day),
        "below": teams_visible_to(request.user).filter(parent=found, founded_on__lte=day),
    }
    return page(request, "staff/team.html", context)


def asked_day(request: SignedInRequest) -> tuple[DayForm, date]:
    """The day of ?on=, today when it is missing; a day that cannot be is said beside the field, and today shown."""
    today = timezone.localdate()
    form = DayForm(request.GET if request.GET.get("on") else {"on": today.isoformat()})
    return form, (form.cleaned_data["on"] or today) if form.is_valid() else today


def figures_of(organisation: Organisation) -> list[dict[str, object]]:
    """The figures above the organisation: teams by kind, people by grade."""
    kinds = [{"label": kind.label, "value": organisation.count(kind), "unit": _("个")} for kind in HOUSE]
    grades = [
        {"label": grade.label, "value": organisation.of_grade(grade), "unit": _("人")} for grade in Grade
    ]
    return [*kinds, *grades]

"""What narrows the lists of `kpi`, on pages and in the API."""

from typing import Any

import django_filters as filters
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kpi.models import (
    AssessmentInput,
    InputKind,
    InputState,
    Run,
    RunState,
    Standing,
    Target,
    TargetLevel,
    TargetPeriod,
)
from projects.filters.feed import StrictFilterSet
from promotion.web.filters import ListFilter, NamedChoiceFilter
from staff.access import teams_visible_to
from staff.models import Team


def visible_teams(request: Any) -> QuerySet[Team]:
    return teams_visible_to(request.user)


class RunFilter(ListFilter):
    """Runs by year and state."""

    year = filters.NumberFilter(label=_("年度"))
    state = filters.ChoiceFilter(label=_("状态"), choices=RunState)

    class Meta:
        model = Run
        fields: list[str] = []


class ChangeFilter(ListFilter):
    """Standings of a run by subject, team, name, and how they moved."""

    q = filters.CharFilter(label=_("姓名或团队名"), method="by_name")
    subject = filters.ChoiceFilter(
        label=_("对象"), choices=(("person", _("专员")), ("team", _("团队"))), method="by_subject"
    )
    team = NamedChoiceFilter(label=_("团队"), queryset=visible_teams, method="by_team")
    movement = filters.ChoiceFilter(
        label=_("变化"),
        choices=(
            ("any", _("有变化")),
            ("gained", _("加分")),
            ("lost", _("减分")),
            ("rose", _("名次上升")),
            ("fell", _("名次下降")),
            ("new", _("新进")),
        ),
        method="by_movement",
    )

    class Meta:
        model = Standing
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Standing], _name: str, text: str) -> QuerySet[Standing]:
        return rows.filter(subject_name__icontains=text.strip())

    def by_subject(self, rows: QuerySet[Standing], _name: str, kind: str) -> QuerySet[Standing]:
        return rows.filter(person__isnull=kind != "person")

    def by_team(self, rows: QuerySet[Standing], _name: str, team: Team) -> QuerySet[Standing]:
        return rows.filter(Q(team=team) | Q(home_team=team) | Q(home_team__parent=team))

    def by_movement(self, rows: QuerySet[Standing], _name: str, kind: str) -> QuerySet[Standing]:
        changed = ~Q(total=F("previous_total")) | ~Q(rank=F("previous_rank")) | Q(previous_rank=None)
        conditions = {
            "any": changed,
            "gained": Q(total__gt=F("previous_total")),
            "lost": Q(total__lt=F("previous_total")),
            "rose": Q(rank__lt=F("previous_rank")),
            "fell": Q(rank__gt=F("previous_rank")),
            "new": Q(previous_rank=None),
        }
        return rows.filter(conditions[kind])


class SubjectFeed(StrictFilterSet):
    """Rows of people, or of teams and units."""

    person = filters.CharFilter(field_name="person__staff_number", help_text="Staff number.")
    team = filters.CharFilter(field_name="team__code", help_text="Code of a team or unit: its own rows.")
    subject = filters.ChoiceFilter(choices=(("person", "person"), ("team", "team")), method="of_subject")

    def of_subject(self, rows: QuerySet[Any], _name: str, kind: str) -> QuerySet[Any]:
        return rows.filter(person__isnull=kind != "person")


class TargetFeed(SubjectFeed):
    """Targets by year, whose, which, period and level."""

    year = filters.NumberFilter()
    indicator = filters.CharFilter(help_text="Code of a target in the scheme.")
    period = filters.MultipleChoiceFilter(choices=TargetPeriod.choices)
    level = filters.ChoiceFilter(choices=TargetLevel.choices)

    class Meta:
        model = Target
        fields: list[str] = []


class InputFeed(SubjectFeed):
    """Assessment inputs by year, whose, what, and how they stand."""

    year = filters.NumberFilter()
    kind = filters.ChoiceFilter(choices=InputKind.choices)
    state = filters.MultipleChoiceFilter(choices=InputState.choices)
    code = filters.CharFilter(
        help_text="What the scheme asks for: a rating, a choice, an indicator, a currency."
    )
    project = filters.CharFilter(field_name="project__code")
    mine = filters.BooleanFilter(method="recorded_by_actor", help_text="What the caller recorded.")

    class Meta:
        model = AssessmentInput
        fields: list[str] = []

    def recorded_by_actor(
        self, rows: QuerySet[AssessmentInput], _name: str, value: bool
    ) -> QuerySet[AssessmentInput]:
        return rows.filter(recorded_by=self.request.user) if value else rows

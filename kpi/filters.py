"""What narrows the lists of `kpi`."""

from typing import Any

import django_filters as filters
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kpi.models import Run, RunState, Standing
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

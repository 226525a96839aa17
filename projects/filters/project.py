"""How the board and the list of projects are narrowed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters.constants import EMPTY_VALUES

from projects.geography import COUNTRIES, PROVINCES
from projects.models import (
    Achievement,
    CapitalSource,
    Channel,
    ClockKind,
    Industry,
    Park,
    Project,
    ProjectClass,
    Recognition,
)
from projects.queries.ageing import stalled_on
from projects.queries.clock import clock_book, late, pressing
from projects.queries.company_name import project_named
from projects.queries.map import OTHER, UNKNOWN
from projects.queries.site import held_on
from projects.queries.tally import Kept
from projects.workflow import ORDER, Stage, Status, stages_from
from promotion.money import YI
from promotion.web.filters import ListFilter, NamedChoiceFilter, NamedChoicesFilter
from staff.access import people_visible_to, teams_visible_to

HOMES = [
    *((name, name) for name in (*PROVINCES, *COUNTRIES)),
    (OTHER, _("其他国家")),
    (UNKNOWN, _("未填")),
]
YES = [("1", _("是"))]
CLOCKS = [
    ("late", _("任一时限已超")),
    ("soon", _("任一时限将到或已超")),
    (ClockKind.ANSWER, _("首次响应已超")),
    (ClockKind.JUDGEMENT, _("研判已超")),
    (ClockKind.FEEDBACK, _("反馈已超")),
    (ClockKind.REPORT, _("报告已超")),
]
STEPS = [("overdue", _("逾期")), ("missing", _("未排")), ("week", _("七天内"))]


def _teams(request: Any) -> QuerySet:
    return teams_visible_to(request.user)


def _people(request: Any) -> QuerySet:
    return people_visible_to(request.user)


class DaysFilter(django_filters.NumberFilter):
    """A whole number of days, no more than a person lives."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_value=36500, **kwargs)


class ProjectFilter(ListFilter):
    """Board and list share it, so that a narrowed board and its list show the same projects.

    `status` is 在库 unless another is asked for; `any` shows all.
    """

    q = django_filters.CharFilter(label=_("名称、企业或编号"), method="containing")
    team = NamedChoicesFilter(
        label=_("团队"), field_name="team__public_id", queryset=_teams, to_field_name="public_id"
    )
    owner = NamedChoiceFilter(
        label=_("服务专员"), queryset=_people, to_field_name="public_id", empty_label=_("全部")
    )
    stage = django_filters.MultipleChoiceFilter(label=_("阶段"), choices=Stage.choices)
    reached = django_filters.ChoiceFilter(
        label=_("已到阶段"), choices=Stage.choices, method="at_or_beyond", empty_label=_("全部")
    )
    industry = django_filters.MultipleChoiceFilter(label=_("产业"), choices=Industry.choices)
    channel = django_filters.MultipleChoiceFilter(label=_("渠道"), choices=Channel.choices)
    capital_source = django_filters.ChoiceFilter(
        label=_("资金来源"), choices=CapitalSource.choices, empty_label=_("全部")
    )
    project_class = django_filters.MultipleChoiceFilter(label=_("等级"), choices=ProjectClass.choices)
    park = django_filters.ChoiceFilter(label=_("园区"), choices=Park.choices, empty_label=_("全部"))
    home = django_filters.ChoiceFilter(
        label=_("投资方所在地"), choices=HOMES, method="at_home_in", empty_label=_("全部")
    )
    sited = django_filters.ChoiceFilter(
        label=_("用地"),
        choices=[("yes", _("已有地块或厂房")), ("no", _("还没有"))],
        method="with_site",
        empty_label=_("不限"),
    )
    min_amount = django_filters.NumberFilter(label=_("投资额不少于（亿元）"), method="at_least", min_value=0)
    step = django_filters.ChoiceFilter(
        label=_("下一步"), choices=STEPS, method="by_step", empty_label=_("全部")
    )
    clock = django_filters.ChoiceFilter(
        label=_("时限"), choices=CLOCKS, method="by_clock", empty_label=_("不限")
    )
    stalled = django_filters.ChoiceFilter(
        label=_("停滞"), choices=YES, method="standing_long", empty_label=_("不限")
    )
    awaiting = django_filters.ChoiceFilter(
        label=_("待认定"), choices=YES, method="waiting", empty_label=_("不限")
    )
    mine = django_filters.ChoiceFilter(
        label=_("只看我的"), choices=YES, method="of_actor", empty_label=_("不限")
    )
    idle_from = DaysFilter(label=_("至少未推进（天）"), method="idle_at_least", min_value=0)
    idle_to = DaysFilter(label=_("至多未推进（天）"), method="idle_at_most", min_value=0)
    status = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[*Status.choices, ("any", _("全部"))],
        method="with_status",
        empty_label=_("在库"),
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("status") else found.filter(status=Status.ACTIVE)

    @cached_property
    def kept(self) -> Kept | None:
        """What is asked for, if totals are kept by all of it: status, stages and teams; none where anything else narrows."""
        self.form.is_valid()  # a wrong value is not among the cleaned ones, and narrows nothing
        asked = {name: value for name, value in self.form.cleaned_data.items() if value not in EMPTY_VALUES}
        status = asked.pop("status", Status.ACTIVE)
        stages = frozenset(asked.pop("stage", ())) or frozenset(Stage.values)
        stages &= frozenset(stages_from(asked.pop("reached", ORDER[0])))
        teams = frozenset(team.pk for team in asked.pop("team", ()))
        if asked:
            return None
        return Kept("" if status == "any" else status, stages, teams)

    def with_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset if value == "any" else queryset.filter(status=value)

    def at_home_in(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """A province or country of the map; all countries without a square of their own together."""
        if value == OTHER:
            return queryset.exclude(company__home="").exclude(company__home__in=[*PROVINCES, *COUNTRIES])
        return queryset.filter(company__home="" if value == UNKNOWN else value)

    def with_site(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        kept = Exists(held_on().filter(project=OuterRef("pk")))
        return queryset.filter(kept if value == "yes" else ~kept)

    def containing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """The project's own name or code, or its company's name: substring, pinyin or initials."""
        return queryset.filter(project_named(value))

    def at_or_beyond(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(stage__in=stages_from(value))

    def at_least(self, queryset: QuerySet, name: str, value: Decimal) -> QuerySet:
        return queryset.filter(planned_investment__gte=value * YI)

    def by_step(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        today = timezone.localdate()
        if value == "missing":
            return queryset.filter(next_step="").exclude(stage=Stage.PRODUCED)
        if value == "overdue":
            return queryset.filter(next_step_on__lt=today)
        return queryset.filter(next_step_on__gte=today, next_step_on__lt=today + timedelta(days=7))

    def by_clock(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        book = clock_book()
        if value == "soon":
            return queryset.filter(pressing(book))
        return queryset.filter(late(book, "" if value == "late" else value))

    def standing_long(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(stalled_on(clock_book().ageing))

    def waiting(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        reported = Achievement.objects.filter(project=OuterRef("pk"), state=Recognition.SUBMITTED)
        return queryset.filter(Exists(reported))

    def of_actor(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(owner=self.request.user.person_id)

    def idle_at_least(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        """Days since the last progress, as the ageing table of the dashboard counts them."""
        return queryset.filter(progressed_on__lte=timezone.localdate() - timedelta(value))

    def idle_at_most(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        return queryset.filter(progressed_on__gte=timezone.localdate() - timedelta(value))


def kept_choice(filterset: django_filters.FilterSet | None) -> Kept | None:
    """What the filters of a board or list ask for, where totals are kept by it."""
    return filterset.kept if isinstance(filterset, ProjectFilter) else None

"""What narrows the lists of `kpi`, on pages and in the API."""

from typing import Any

import django_filters as filters
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models import (
    AssessmentInput,
    AssessmentYear,
    BonusState,
    Bulletin,
    BulletinState,
    Card,
    CardColour,
    CardKind,
    CardState,
    InputKind,
    InputState,
    Item,
    LedgerLine,
    Run,
    RunState,
    Standing,
    Target,
    TargetLevel,
    TargetPeriod,
    TeamBonus,
)
from kpi.queries.publicity import REPLY_WORDS
from projects.access import achievements_visible_to, projects_visible_to
from projects.filters.feed import StrictFilterSet
from projects.models import AchievementKind
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


class ItemFeed(StrictFilterSet):
    """Items of one standing or run; of the current run of the year (this year) when neither is named."""

    standing = filters.NumberFilter(field_name="standing_id", help_text="Id of a standing.")
    run = filters.CharFilter(field_name="standing__run__public_id", help_text="Id of a run.")
    year = filters.NumberFilter(method="as_it_is")
    group = filters.CharFilter(field_name="standing__group")
    indicator = filters.CharFilter(help_text="Code of an indicator.")
    status = filters.ChoiceFilter(choices=Item.Status.choices)
    person = filters.CharFilter(field_name="standing__person__staff_number", help_text="Staff number.")
    team = filters.CharFilter(field_name="standing__team__code", help_text="Code of a team or unit.")

    class Meta:
        model = Item
        fields: list[str] = []

    def as_it_is(self, rows: QuerySet[Item], _name: str, _value: Any) -> QuerySet[Item]:
        """The year is taken by `filter_queryset`."""
        return rows

    def filter_queryset(self, queryset: QuerySet[Item]) -> QuerySet[Item]:
        found = super().filter_queryset(queryset)
        chosen = self.form.cleaned_data
        if chosen.get("standing") or chosen.get("run"):
            return found
        year = chosen.get("year") or timezone.localdate().year
        return found.filter(standing__run__in=AssessmentYear.objects.filter(year=year).values("current_run"))


class LineFeed(StrictFilterSet):
    """Lines of the credit ledger by year, whose, and the fact behind them."""

    year = filters.NumberFilter()
    person = filters.CharFilter(field_name="person__staff_number", help_text="Staff number.")
    team = filters.CharFilter(field_name="ranked_team__code", help_text="Code of the team it counts for.")
    kind = filters.ChoiceFilter(choices=AchievementKind.choices)
    project = filters.CharFilter(method="of_project", help_text="Id of a project that the caller sees.")
    achievement = filters.CharFilter(method="of_achievement", help_text="Id of one that the caller sees.")
    reversing = filters.BooleanFilter(field_name="reverses", lookup_expr="isnull", exclude=True)

    class Meta:
        model = LedgerLine
        fields: list[str] = []

    def of_project(self, rows: QuerySet[LedgerLine], _name: str, value: str) -> QuerySet[LedgerLine]:
        seen = projects_visible_to(self.request.user).filter(public_id=value)
        return rows.filter(project__in=seen.values("pk"))

    def of_achievement(self, rows: QuerySet[LedgerLine], _name: str, value: str) -> QuerySet[LedgerLine]:
        seen = achievements_visible_to(self.request.user).filter(public_id=value)
        return rows.filter(achievement__in=seen.values("pk"))


class ChangeFeed(StrictFilterSet, ChangeFilter):
    """Standings of a run by subject, team, name, and how they moved; year or run are taken by the route."""

    ALWAYS = StrictFilterSet.ALWAYS | {"year", "run"}
    team = filters.CharFilter(method="by_code", help_text="Code of a team.")

    def by_code(self, rows: QuerySet[Standing], _name: str, code: str) -> QuerySet[Standing]:
        return rows.filter(Q(team__code=code) | Q(home_team__code=code) | Q(home_team__parent__code=code))


class ReplyFilter(ChangeFilter):
    """Published standings by subject, team, name, and what was said to them."""

    movement = None
    reply = filters.ChoiceFilter(
        label=_("答复"), choices=[(reply.value, words) for reply, words in REPLY_WORDS.items()]
    )

    class Meta(ChangeFilter.Meta):
        pass


class BulletinFilter(ListFilter):
    """Bulletins by year, period and state."""

    year = filters.NumberFilter(label=_("年度"))
    period = filters.ChoiceFilter(label=_("时段"), choices=TargetPeriod)
    state = filters.ChoiceFilter(label=_("状态"), choices=BulletinState)

    class Meta:
        model = Bulletin
        fields: list[str] = []


class BulletinFeed(StrictFilterSet):
    """Bulletins by year, period and state."""

    year = filters.NumberFilter()
    period = filters.ChoiceFilter(choices=TargetPeriod.choices)
    state = filters.ChoiceFilter(choices=BulletinState.choices)

    class Meta:
        model = Bulletin
        fields: list[str] = []


class CardFilter(ListFilter):
    """Cards by year, period, colour, what for, team and state."""

    year = filters.NumberFilter(label=_("年度"))
    period = filters.ChoiceFilter(label=_("时段"), choices=TargetPeriod)
    colour = filters.ChoiceFilter(label=_("牌"), choices=CardColour)
    kind = filters.ChoiceFilter(label=_("事由"), choices=CardKind)
    state = filters.ChoiceFilter(label=_("状态"), choices=CardState)
    subject = filters.ChoiceFilter(
        label=_("对象"), choices=(("person", _("专员")), ("team", _("团队"))), method="by_subject"
    )

    class Meta:
        model = Card
        fields: list[str] = []

    def by_subject(self, rows: QuerySet[Card], _name: str, kind: str) -> QuerySet[Card]:
        return rows.filter(person__isnull=kind != "person")


class CardFeed(SubjectFeed):
    """Cards by year, period, whose, colour, what for and state."""

    year = filters.NumberFilter()
    period = filters.ChoiceFilter(choices=TargetPeriod.choices)
    colour = filters.ChoiceFilter(choices=CardColour.choices)
    kind = filters.ChoiceFilter(choices=CardKind.choices)
    state = filters.ChoiceFilter(choices=CardState.choices)

    class Meta:
        model = Card
        fields: list[str] = []


def _bonus_teams(request: Any) -> QuerySet:
    return teams_visible_to(request.user)


class BonusFilter(ListFilter):
    """By project, year, state and team; what is due and unpaid."""

    q = filters.CharFilter(label=_("项目"), method="containing")
    year = filters.NumberFilter(label=_("年度"))
    state = filters.ChoiceFilter(label=_("状态"), choices=BonusState.choices, empty_label=_("全部"))
    team = NamedChoiceFilter(
        label=_("团队"), queryset=_bonus_teams, to_field_name="public_id", empty_label=_("全部")
    )
    unpaid = filters.ChoiceFilter(
        label=_("发放"), choices=[("1", _("应发未发"))], method="by_unpaid", empty_label=_("全部")
    )

    class Meta:
        model = TeamBonus
        fields: list[str] = []

    def containing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """A secret project is not found by a name that may not be seen: the code finds it."""
        named = Q(project__name__icontains=value, project__is_secret=False)
        return queryset.filter(named | Q(project__code__icontains=value))

    def by_unpaid(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.exclude(open_sum=0)

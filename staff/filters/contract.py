"""How the list of contracts is narrowed, in the browser and in the API."""

from datetime import timedelta
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.web.filters import ListFilter
from staff.models import Contract, ContractKind, ContractState, Grade, Person
from staff.queries.contract import ending_by, on_probation
from staff.queries.people import matching

COURSES = [
    ("draft", _("待签")),
    ("running", _("履行中")),
    ("coming", _("未开始")),
    ("over", _("已到期或终止")),
    ("unsigned", _("缺签字件")),
]
# What runs out soon: key → label, days, whether the probation is meant.
SOON: dict[str, tuple[Any, int, bool]] = {
    "30": (_("30 天内到期"), 30, False),
    "60": (_("60 天内到期"), 60, False),
    "90": (_("90 天内到期"), 90, False),
    "probation": (_("60 天内试用期满"), 60, True),
}


class ContractFilter(ListFilter):
    """By whom, how far, what runs out soon, kind and grade."""

    q = filters.CharFilter(label=_("姓名、工号或合同编号"), method="search")
    soon = filters.ChoiceFilter(
        label=_("快到期"),
        choices=[(key, label) for key, (label, _days, _probation) in SOON.items()],
        method="ending",
        empty_label=_("不限"),
    )
    course = filters.ChoiceFilter(label=_("状态"), choices=COURSES, method="standing", empty_label=_("全部"))
    kind = filters.ChoiceFilter(label=_("合同类别"), choices=ContractKind, empty_label=_("全部"))
    grade = filters.ChoiceFilter(label=_("级别"), choices=Grade, empty_label=_("全部"))

    class Meta:
        model = Contract
        fields: list[str] = []

    def search(self, contracts: QuerySet[Contract], name: str, value: str) -> QuerySet[Contract]:
        people = Person.objects.filter(matching(value)).values("pk")
        return contracts.filter(Q(number__icontains=value.strip()) | Q(person__in=people))

    def ending(self, contracts: QuerySet[Contract], name: str, value: str) -> QuerySet[Contract]:
        _label, days, is_probation = SOON[value]
        today = timezone.localdate()
        pick = on_probation if is_probation else ending_by
        return pick(contracts, today, today + timedelta(days=days))

    def standing(self, contracts: QuerySet[Contract], name: str, value: str) -> QuerySet[Contract]:
        today = timezone.localdate()
        signed = ~Q(state=ContractState.DRAFT)
        over = Q(ends_on__lte=today)
        return contracts.filter(
            {
                "draft": ~signed,
                "running": signed & Q(starts_on__lte=today) & ~over,
                "coming": signed & Q(starts_on__gt=today),
                "over": signed & over,
                "unsigned": signed & Q(paper=None) & ~over,
            }[value]
        )

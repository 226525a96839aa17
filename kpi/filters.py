"""What narrows the lists of `kpi`."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from kpi.models import Run, RunState
from promotion.web.filters import ListFilter


class RunFilter(ListFilter):
    """Runs by year and state."""

    year = filters.NumberFilter(label=_("年度"))
    state = filters.ChoiceFilter(label=_("状态"), choices=RunState)

    class Meta:
        model = Run
        fields: list[str] = []

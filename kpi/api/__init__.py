"""Rankings, runs and schemes for other systems."""

from kpi.api.results import ProjectVerdictViewSet, RankingViewSet, RunViewSet, StandingViewSet
from kpi.api.scheme import SchemeViewSet
from kpi.api.trial import RehearsalViewSet, WhatIfViewSet

__all__ = [
    "ProjectVerdictViewSet",
    "RankingViewSet",
    "RehearsalViewSet",
    "RunViewSet",
    "SchemeViewSet",
    "StandingViewSet",
    "WhatIfViewSet",
]

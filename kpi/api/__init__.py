"""Rankings, runs and schemes for other systems."""

from kpi.api.results import ProjectVerdictViewSet, RankingViewSet, RunViewSet, StandingViewSet
from kpi.api.scheme import SchemeViewSet

__all__ = ["ProjectVerdictViewSet", "RankingViewSet", "RunViewSet", "SchemeViewSet", "StandingViewSet"]

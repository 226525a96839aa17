"""Addresses of `kpi` in the REST API."""

from rest_framework.routers import SimpleRouter

from kpi.api import (
    ProjectVerdictViewSet,
    RankingViewSet,
    RehearsalViewSet,
    RunViewSet,
    SchemeViewSet,
    StandingViewSet,
    WhatIfViewSet,
)

router = SimpleRouter()
router.register("ranking", RankingViewSet, basename="api-ranking")
router.register("runs", RunViewSet, basename="api-runs")
router.register("schemes", SchemeViewSet, basename="api-schemes")
router.register("standings", StandingViewSet, basename="api-standings")
router.register("project-verdicts", ProjectVerdictViewSet, basename="api-project-verdicts")
router.register("rehearsals", RehearsalViewSet, basename="api-rehearsals")
router.register("what-if", WhatIfViewSet, basename="api-what-if")
urlpatterns = router.urls

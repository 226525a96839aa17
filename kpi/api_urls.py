"""Addresses of `kpi` in the REST API."""

from rest_framework.routers import SimpleRouter

from kpi.api import RankingViewSet, RunViewSet, StandingViewSet

router = SimpleRouter()
router.register("ranking", RankingViewSet, basename="api-ranking")
router.register("runs", RunViewSet, basename="api-runs")
router.register("standings", StandingViewSet, basename="api-standings")
urlpatterns = router.urls

"""Addresses of `projects` in the REST API."""

from rest_framework.routers import SimpleRouter

from projects.api.achievement import AchievementViewSet
from projects.api.company import CompanyViewSet
from projects.api.project import LeadViewSet, ProjectViewSet

router = SimpleRouter()
router.register("leads", LeadViewSet, basename="api-leads")
router.register("projects", ProjectViewSet, basename="api-projects")
router.register("companies", CompanyViewSet, basename="api-companies")
router.register("achievements", AchievementViewSet, basename="api-achievements")
urlpatterns = router.urls

"""The REST API: each app registers its own routes under /api/; the document and its page are served without outside assets."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

import promotion.api.schema  # noqa: F401 registers how tokens sign in
from promotion.api.calendar import Correction, WorkingDays
from promotion.api.saved_views import SavedViewDetail, SavedViews

urlpatterns = [
    path("", include("staff.api_urls")),
    path("", include("projects.api_urls")),
    path("", include("kpi.api_urls")),
    path("working-days/", WorkingDays.as_view(), name="api-working-days"),
    path("working-days/corrections/<str:day>/", Correction.as_view(), name="api-correction"),
    path("saved-views/", SavedViews.as_view(), name="api-saved-views"),
    path("saved-views/<int:pk>/", SavedViewDetail.as_view(), name="api-saved-view"),
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path(
        "",
        SpectacularSwaggerSplitView.as_view(url_name="openapi", template_name="promotion/api_docs.html"),
        name="api-docs",
    ),
]

"""The product's addresses; each app's own are included by name."""

from django.contrib import admin
from django.urls import include, path

from promotion.web import calendar, saved_views, views

urlpatterns = [
    path("", include("staff.root_urls")),
    path("", include("projects.root_urls")),
    path("", include("staff.urls")),
    path("", include("projects.urls")),
    path("", include("kpi.urls")),
    path("api/", include("promotion.api.urls")),
    path("search/", views.search, name="search"),
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.notices_read, name="notices-read"),
    path("notices/<int:pk>/", views.notice_open, name="notice-open"),
    path("working-days/", calendar.working_days, name="working-days"),
    path("working-days/correct/", calendar.correct, name="working-days-correct"),
    path("working-days/withdraw/", calendar.withdraw, name="working-days-withdraw"),
    path("views/", saved_views.saved_views, name="views"),
    path("views/save/", saved_views.view_save, name="view-save"),
    path("views/<int:pk>/", saved_views.view_edit, name="view-edit"),
    path("views/<int:pk>/delete/", saved_views.view_delete, name="view-delete"),
    path("audit/", views.audit, name="audit"),
    path("components/", views.components, name="components"),
    path("language/", views.language, name="language"),
    path("health/", views.health, name="health"),
    path("administration/", admin.site.urls),
]

handler400 = "promotion.web.views.bad_request"
handler403 = "promotion.web.views.forbidden"
handler404 = "promotion.web.views.not_found"
handler500 = "promotion.web.views.server_error"

"""Addresses of the specialists of departments."""

from django.urls import URLPattern, path

from projects.views import specialist

urlpatterns: list[URLPattern] = [
    path("projects/<str:public_id>/specialists/new/", specialist.specialist_new, name="specialist-new"),
    path(
        "projects/<str:public_id>/specialists/of/<str:department>/",
        specialist.specialist_name,
        name="specialist-name",
    ),
    path(
        "projects/<str:public_id>/specialists/<int:pk>/end/", specialist.specialist_end, name="specialist-end"
    ),
]

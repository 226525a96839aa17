"""Addresses of changing several projects at once."""

from django.urls import URLPattern, path

from projects.views import bulk

urlpatterns: list[URLPattern] = [
    path("projects/bulk/", bulk.bulk, name="bulk"),
    path("projects/bulk/<str:public_id>/", bulk.bulk_change, name="bulk-change"),
    path("projects/bulk/<str:public_id>/undo/", bulk.bulk_undo, name="bulk-undo"),
]

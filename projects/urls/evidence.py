"""Addresses of the checklists of evidence."""

from django.urls import URLPattern, path

from projects.views import evidence

urlpatterns: list[URLPattern] = [
    path("supervision/evidence/", evidence.requirements, name="evidence-requirements"),
    path("supervision/evidence/new/", evidence.requirement_new, name="evidence-requirement-new"),
    path(
        "supervision/evidence/<str:public_id>/change/",
        evidence.requirement_change,
        name="evidence-requirement-change",
    ),
    path(
        "supervision/evidence/<str:public_id>/end/", evidence.requirement_end, name="evidence-requirement-end"
    ),
]

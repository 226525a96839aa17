"""Addresses of papers of the staff file."""

from django.urls import path

from staff.views import paper

urlpatterns = [
    path("teams/papers/<slug:public_id>/", paper.paper, name="paper"),
    path("teams/papers/<slug:public_id>/preview/", paper.paper_preview, name="paper-preview"),
    path("teams/papers/<slug:public_id>/pages/<int:number>/", paper.paper_page, name="paper-page"),
]

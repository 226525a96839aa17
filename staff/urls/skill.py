"""Addresses of what a person can do."""

from django.urls import path

from staff.views import skill

urlpatterns = [
    path("teams/people/<slug:public_id>/languages/new/", skill.language_add, name="language-add"),
    path("teams/people/<slug:public_id>/fields/new/", skill.field_add, name="field-add"),
    path("teams/languages/<slug:public_id>/end/", skill.language_end, name="language-end"),
    path("teams/fields/<slug:public_id>/end/", skill.field_end, name="field-end"),
]

"""Address of the coverage matrix."""

from django.urls import URLPattern, path

from projects.views.coverage import coverage

urlpatterns: list[URLPattern] = [path("teams/coverage/matrix/", coverage, name="coverage")]

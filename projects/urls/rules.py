"""Address of the page that lists all rules."""

from django.urls import URLPattern, path

from projects.views.rules import rules

urlpatterns: list[URLPattern] = [path("supervision/rules/", rules, name="rules")]

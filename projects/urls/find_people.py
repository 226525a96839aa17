"""Addresses of finding people, and of the limits of load."""

from django.urls import URLPattern, path

from projects.views import find_people

urlpatterns: list[URLPattern] = [
    path("teams/find/people/", find_people.find_people, name="find-people"),
    path("supervision/load-limits/", find_people.load_limits, name="load-limits"),
    path("supervision/load-limits/<int:pk>/drop/", find_people.load_limit_drop, name="load-limit-drop"),
]

"""Addresses of the year's course: publicity, awards, grades, pay, bulletins and the close lie under it."""

from django.urls import path

from kpi.views import year

urlpatterns = [
    path("year/", year.year, name="year"),
]

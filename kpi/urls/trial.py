"""Addresses of trials and rehearsals."""

from django.urls import path

from kpi.views import rehearsal, what_if

urlpatterns = [
    path("score/what-if/", what_if.what_if_page, name="what-if"),
    path("score/rehearsal/", rehearsal.rehearsal, name="rehearsal"),
    path("score/rehearsal/workbook/", rehearsal.rehearsal_workbook, name="rehearsal-workbook"),
]

"""Addresses of the run pages."""

from django.urls import path

from kpi.views import changes, run, statement

urlpatterns = [
    path("runs/", run.runs, name="runs"),
    path("runs/start/", run.run_start, name="run-start"),
    path("runs/<str:public_id>/", run.run, name="run"),
    path("runs/<str:public_id>/changes/", changes.changes, name="run-changes"),
    path("runs/<str:public_id>/cancel/", run.run_cancel, name="run-cancel"),
    path("runs/<str:public_id>/recompute/", run.run_recompute, name="run-recompute"),
    path("runs/<str:public_id>/resume/", run.run_resume, name="run-resume"),
    path("runs/<str:public_id>/statements/<str:group>/", statement.statements, name="statements"),
    path("ranking/workbook/", run.ranking_workbook, name="ranking-workbook"),
]

"""Addresses of the pages of `kpi`, by subject."""

from kpi.urls import run, score

app_name = "kpi"
urlpatterns = [*score.urlpatterns, *run.urlpatterns]

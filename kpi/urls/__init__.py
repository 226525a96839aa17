"""Addresses of the pages of `kpi`, by subject."""

from kpi.urls import run, scheme, score, target

app_name = "kpi"
urlpatterns = [*score.urlpatterns, *scheme.urlpatterns, *run.urlpatterns, *target.urlpatterns]

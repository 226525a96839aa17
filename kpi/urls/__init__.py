"""Addresses of the pages of `kpi`, by subject."""

from kpi.urls import (
    award,
    bulletin,
    card,
    grades,
    inputs,
    pay,
    publicity,
    run,
    scheme,
    score,
    target,
    trial,
    year,
)

app_name = "kpi"
urlpatterns = [
    *score.urlpatterns,
    *trial.urlpatterns,
    *scheme.urlpatterns,
    *run.urlpatterns,
    *target.urlpatterns,
    *inputs.urlpatterns,
    *year.urlpatterns,
    *publicity.urlpatterns,
    *award.urlpatterns,
    *grades.urlpatterns,
    *bulletin.urlpatterns,
    *pay.urlpatterns,
    *card.urlpatterns,
]

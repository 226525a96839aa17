"""Addresses of the pages of `kpi`, by subject."""

from kpi.urls import (
    award,
    bonus,
    bulletin,
    card,
    closing,
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
    *closing.urlpatterns,
    *award.urlpatterns,
    *grades.urlpatterns,
    *bulletin.urlpatterns,
    *pay.urlpatterns,
    *card.urlpatterns,
    *bonus.urlpatterns,
]

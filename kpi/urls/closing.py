"""Addresses of the close of a year."""

from django.urls import path

from kpi.views import closing

urlpatterns = [
    path("year/closing/", closing.closing, name="closing"),
    path("year/closing/<int:year>/prepare/", closing.closing_prepare, name="closing-prepare"),
    path("year/closing/<int:year>/reopen/", closing.closing_reopen, name="closing-reopen"),
    path("year/closing/<int:year>/bundle.zip", closing.closing_bundle, name="closing-bundle"),
    path("year/closing/requests/<str:public_id>/grant/", closing.closing_grant, name="closing-grant"),
    path("year/closing/requests/<str:public_id>/decline/", closing.closing_decline, name="closing-decline"),
    path(
        "year/closing/requests/<str:public_id>/withdraw/", closing.closing_withdraw, name="closing-withdraw"
    ),
]

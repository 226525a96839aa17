"""Addresses of the promise ledger."""

from django.urls import URLPattern, path

from projects.exports import promise as export
from projects.views import promise

urlpatterns: list[URLPattern] = [
    path("promises/", promise.promises, name="promises"),
    path("promises/rates/", promise.promise_rates, name="promise-rates"),
    path("promises/workbook/", export.promises_workbook, name="promises-workbook"),
    path("promises/<str:public_id>/", promise.promise, name="promise"),
    path("promises/<str:public_id>/fulfil/", promise.promise_fulfil, name="promise-fulfil"),
    path("promises/<str:public_id>/<str:verb>/", promise.promise_settle, name="promise-settle"),
    path("fulfilments/<str:public_id>/<str:verb>/", promise.fulfilment_decide, name="fulfilment-decide"),
    path("projects/<str:public_id>/promises/new/", promise.promise_new, name="promise-new"),
]

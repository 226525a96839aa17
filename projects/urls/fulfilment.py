"""Addresses of the rates of fulfilment."""

from django.urls import URLPattern, path

from projects.exports import fulfilment as export
from projects.views import fulfilment

urlpatterns: list[URLPattern] = [
    path("supervision/fulfilment/", fulfilment.rates, name="fulfilment"),
    path("supervision/fulfilment/projects/", fulfilment.projects, name="fulfilment-projects"),
    path("supervision/fulfilment/workbook/", export.fulfilment_workbook, name="fulfilment-workbook"),
]

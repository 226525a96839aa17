"""Addresses of the run pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

"""Addresses of the score pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

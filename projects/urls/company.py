"""Addresses of the company pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

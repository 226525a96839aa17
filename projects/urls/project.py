"""Addresses of the project pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

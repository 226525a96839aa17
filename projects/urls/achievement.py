"""Addresses of the achievement pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

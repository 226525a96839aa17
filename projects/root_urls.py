"""Addresses of `projects` that stand outside its name space, because the whole product knows them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

"""Addresses of `projects` that stand outside its name space, because the whole product knows them."""

from django.urls import URLPattern, path

from projects.views import answer, home

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("answer/<str:key>/", answer.answer, name="answer"),
]

"""Addresses of who sees a project, of secrecy and of named readers."""

from django.urls import URLPattern, path

from projects.views import secrecy

urlpatterns: list[URLPattern] = [
    path("projects/<str:public_id>/sight/", secrecy.sight, name="sight"),
    path("projects/<str:public_id>/secret/", secrecy.secret, name="secret"),
    path("projects/<str:public_id>/readers/", secrecy.reader, name="reader"),
    path("projects/<str:public_id>/readers/<int:pk>/end/", secrecy.reader_end, name="reader-end"),
]

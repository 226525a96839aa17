"""Addresses of sealed archives."""

from django.urls import path

from staff.views import sealed, sealed_book

urlpatterns = [
    path("teams/sealed/", sealed.sealed_list, name="sealed"),
    path("teams/sealed/import/", sealed_book.sealed_import, name="sealed-import"),
    path("teams/sealed/template.xlsx", sealed_book.sealed_template, name="sealed-template"),
    path("teams/sealed/import/<uuid:public_id>/", sealed_book.sealed_preview, name="sealed-preview"),
    path("teams/sealed/import/<uuid:public_id>/apply/", sealed_book.sealed_apply, name="sealed-apply"),
    path("teams/sealed/import/<uuid:public_id>/discard/", sealed_book.sealed_discard, name="sealed-discard"),
    path("teams/sealed/<slug:public_id>/open/", sealed.sealed_open, name="sealed-open"),
    path("teams/sealed/<slug:public_id>/end/", sealed.sealed_end, name="sealed-end"),
    path("teams/people/<slug:public_id>/sealed/", sealed.person_sealed, name="person-sealed"),
    path("teams/people/<slug:public_id>/sealed/new/", sealed.sealed_new, name="person-seal"),
]

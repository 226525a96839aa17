"""Addresses of files: as they are, page by page, replaced, sorted."""

from django.urls import URLPattern, path

from projects.views import document

urlpatterns: list[URLPattern] = [
    path("documents/<str:public_id>/", document.document, name="document"),
    path("documents/<str:public_id>/preview/", document.document_preview, name="document-preview"),
    path("documents/<str:public_id>/pages/<int:number>/", document.document_page, name="document-page"),
    path("documents/<str:public_id>/replace/", document.document_replace, name="document-replace"),
    path("documents/<str:public_id>/type/", document.document_classify, name="document-classify"),
]

"""Addresses of bulletins."""

from django.urls import path

from kpi.views import bulletin

urlpatterns = [
    path("year/bulletins/", bulletin.bulletins, name="bulletins"),
    path("year/bulletins/start/", bulletin.bulletin_start, name="bulletin-start"),
    path("year/bulletins/<str:public_id>/", bulletin.bulletin, name="bulletin"),
    path("year/bulletins/<str:public_id>/edit/", bulletin.bulletin_edit, name="bulletin-edit"),
    path("year/bulletins/<str:public_id>/refresh/", bulletin.bulletin_refresh, name="bulletin-refresh"),
    path("year/bulletins/<str:public_id>/issue/", bulletin.bulletin_issue, name="bulletin-issue"),
    path("year/bulletins/<str:public_id>/withdraw/", bulletin.bulletin_withdraw, name="bulletin-withdraw"),
    path("year/bulletins/<str:public_id>/discard/", bulletin.bulletin_discard, name="bulletin-discard"),
    path("year/bulletins/<str:public_id>/bulletin.pdf", bulletin.bulletin_paper, name="bulletin-paper"),
    path(
        "year/bulletins/<str:public_id>/bulletin.docx", bulletin.bulletin_document, name="bulletin-document"
    ),
]

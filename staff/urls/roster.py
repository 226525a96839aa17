"""Addresses of the roster as a workbook."""

from django.urls import path

from staff.views import roster

urlpatterns = [
    path("teams/roster/", roster.roster_import, name="roster-import"),
    path("teams/roster/template.xlsx", roster.roster_template, name="roster-template"),
    path("teams/roster/export.xlsx", roster.roster_export, name="roster-export"),
    path("teams/roster/<uuid:public_id>/", roster.roster_preview, name="roster-preview"),
    path("teams/roster/<uuid:public_id>/apply/", roster.roster_apply, name="roster-apply"),
    path("teams/roster/<uuid:public_id>/discard/", roster.roster_discard, name="roster-discard"),
    path("teams/roster/<uuid:public_id>/rejected.xlsx", roster.roster_rejected, name="roster-rejected"),
]

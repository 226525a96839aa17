"""Addresses of the lead, the company pages and the channels."""

from django.urls import path

from projects.exports import company as export
from projects.views import company, company_merge, company_name, contact, lead

urlpatterns = [
    path("leads/new/", lead.lead_new, name="lead-new"),
    path("leads/check/", lead.lead_check, name="lead-check"),
    path("companies/", company.companies, name="companies"),
    path("companies/workbook/", export.companies_workbook, name="companies-workbook"),
    path("companies/<str:public_id>/", company.company, name="company"),
    path("companies/<str:public_id>/edit/", company.company_edit, name="company-edit"),
    path("companies/<str:public_id>/aliases/new/", company_name.alias_add, name="alias-add"),
    path(
        "companies/<str:public_id>/aliases/<int:pk>/remove/", company_name.alias_remove, name="alias-remove"
    ),
    path("companies/<str:public_id>/contacts/new/", contact.contact_add, name="contact-add"),
    path("companies/<str:public_id>/contacts/<int:pk>/edit/", contact.contact_edit, name="contact-edit"),
    path(
        "companies/<str:public_id>/contacts/<int:pk>/retire/", contact.contact_retire, name="contact-retire"
    ),
    path(
        "companies/<str:public_id>/contacts/<int:pk>/restore/",
        contact.contact_restore,
        name="contact-restore",
    ),
    path("companies/<str:public_id>/merge/", company_merge.company_merge_page, name="company-merge"),
    path("projects/<str:public_id>/contacts/", contact.project_contacts, name="project-contacts"),
    path(
        "projects/<str:public_id>/contacts/<int:pk>/end/", contact.contact_role_end, name="contact-role-end"
    ),
    path("groups/", company_name.groups, name="groups"),
    path("groups/new/", company_name.group_new, name="group-new"),
    path("groups/<str:public_id>/", company_name.group, name="group"),
    path("groups/<str:public_id>/edit/", company_name.group_edit, name="group-edit"),
    path("merges/<str:public_id>/undo/", company_merge.merge_undo, name="merge-undo"),
    path("duplicates/", company_merge.duplicates, name="duplicates"),
    path("duplicates/scan/", company_merge.duplicates_scan, name="duplicates-scan"),
    path("duplicates/<str:public_id>/", company_merge.duplicate, name="duplicate"),
    path("duplicates/<str:public_id>/reopen/", company_merge.duplicate_reopen, name="duplicate-reopen"),
    path("channels/", company.channels, name="channels"),
]

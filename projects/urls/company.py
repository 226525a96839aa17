"""Addresses of the lead, the company pages and the channels."""

from django.urls import path

from projects.views import company, lead

urlpatterns = [
    path("leads/new/", lead.lead_new, name="lead-new"),
    path("leads/check/", lead.lead_check, name="lead-check"),
    path("companies/", company.companies, name="companies"),
    path("companies/<str:public_id>/", company.company, name="company"),
    path("companies/<str:public_id>/edit/", company.company_edit, name="company-edit"),
    path("companies/<str:public_id>/contacts/new/", company.contact_add, name="contact-add"),
    path("channels/", company.channels, name="channels"),
]

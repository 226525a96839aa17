"""Addresses of contracts of employment."""

from django.urls import path

from staff.views import contract, contract_book, contract_course

urlpatterns = [
    path("teams/contracts/", contract.contract_list, name="contracts"),
    path("teams/contracts/export.xlsx", contract_book.contracts_export, name="contracts-export"),
    path("teams/contracts/import/", contract_book.contracts_import, name="contracts-import"),
    path("teams/contracts/template.xlsx", contract_book.contracts_template, name="contracts-template"),
    path(
        "teams/contracts/import/<uuid:public_id>/", contract_book.contracts_preview, name="contracts-preview"
    ),
    path(
        "teams/contracts/import/<uuid:public_id>/apply/",
        contract_book.contracts_apply,
        name="contracts-apply",
    ),
    path(
        "teams/contracts/import/<uuid:public_id>/discard/",
        contract_book.contracts_discard,
        name="contracts-discard",
    ),
    path(
        "teams/contracts/import/<uuid:public_id>/rejected.xlsx",
        contract_book.contracts_rejected,
        name="contracts-rejected",
    ),
    path("teams/contracts/<slug:public_id>/", contract.contract, name="contract"),
    path("teams/contracts/<slug:public_id>/paper.pdf", contract.contract_pdf, name="contract-pdf"),
    path("teams/contracts/<slug:public_id>/change/", contract_course.contract_change, name="contract-change"),
    path("teams/contracts/<slug:public_id>/drop/", contract_course.contract_drop, name="contract-drop"),
    path("teams/contracts/<slug:public_id>/sign/", contract_course.contract_sign, name="contract-sign"),
    path("teams/contracts/<slug:public_id>/attach/", contract_course.contract_attach, name="contract-attach"),
    path(
        "teams/contracts/<slug:public_id>/probation/",
        contract_course.contract_probation,
        name="contract-probation",
    ),
    path("teams/contracts/<slug:public_id>/end/", contract_course.contract_end, name="contract-end"),
    path("teams/contracts/<slug:public_id>/renew/", contract_course.contract_renew, name="contract-renew"),
    path("teams/people/<slug:public_id>/contract/", contract_course.contract_new, name="person-contract"),
]

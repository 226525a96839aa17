"""The checklist a house begins with. Assumptions: the practice publishes no list; HR and managers keep it from here on.

(kind, source of capital or "" for all, type of document, necessity). A data migration and the demo write them.
"""

from datetime import date

HOLDS_FROM = date(2020, 1, 1)
NOTE = "系统初始设定（假设），请按本区认定办法核对"

DEFAULTS: tuple[tuple[str, str, str, str], ...] = (
    ("announced", "", "announcement", "required"),
    ("signed", "", "contract", "required"),
    ("signed", "", "announcement", "recommended"),
    ("registered", "", "business_licence", "required"),
    ("registered", "", "articles", "recommended"),
    ("registered", "foreign", "foreign_filing", "required"),
    ("registered", "mixed", "foreign_filing", "required"),
    ("started", "", "building_permit", "required"),
    ("started", "", "site_photo", "recommended"),
    ("completed", "", "completion_filing", "required"),
    ("completed", "", "site_photo", "recommended"),
    ("produced", "", "production_proof", "required"),
    ("produced", "", "site_photo", "recommended"),
    ("increase", "", "business_licence", "required"),
    ("increase", "", "capital_proof", "recommended"),
    ("increase", "foreign", "foreign_filing", "required"),
    ("increase", "mixed", "foreign_filing", "required"),
    ("paid_in", "", "capital_proof", "required"),
    ("paid_in", "", "bank_advice", "recommended"),
    ("paid_in", "foreign", "exchange_registration", "required"),
    ("paid_in", "mixed", "exchange_registration", "required"),
    ("fixed_asset", "", "investment_statement", "required"),
    ("output", "", "output_statement", "required"),
    ("tax", "", "tax_receipt", "required"),
    ("jobs", "", "social_insurance", "required"),
    ("jobs", "", "employment_filing", "recommended"),
    ("win", "", "award_notice", "required"),
)

"""Addresses of pay."""

from django.urls import path

from kpi.views import pay, pay_lines, pay_rules, pay_what_if

urlpatterns = [
    path("year/pay/", pay.pay, name="pay"),
    path("year/pay/own/", pay.pay_own, name="pay-own"),
    path("year/pay/make/", pay.pay_make, name="pay-make"),
    path("year/pay/workbook/", pay_lines.pay_year_workbook, name="pay-year-workbook"),
    path("year/pay/what-if/", pay_what_if.pay_what_if, name="pay-what-if"),
    path("year/pay/rules/", pay_rules.pay_rules, name="pay-rules"),
    path("year/pay/scales/new/", pay_rules.pay_scale_new, name="pay-scale-new"),
    path("year/pay/scales/<str:public_id>/", pay_rules.pay_scale_change, name="pay-scale-change"),
    path("year/pay/scales/<str:public_id>/release/", pay_rules.pay_scale_release, name="pay-scale-release"),
    path("year/pay/scales/<str:public_id>/drop/", pay_rules.pay_scale_drop, name="pay-scale-drop"),
    path("year/pay/rules/new/", pay_rules.pay_rule_new, name="pay-rule-new"),
    path("year/pay/rules/<str:public_id>/", pay_rules.pay_rule_change, name="pay-rule-change"),
    path("year/pay/rules/<str:public_id>/release/", pay_rules.pay_rule_release, name="pay-rule-release"),
    path("year/pay/rules/<str:public_id>/drop/", pay_rules.pay_rule_drop, name="pay-rule-drop"),
    path("year/pay/slips/<int:pk>/", pay_lines.pay_slip, name="pay-slip"),
    path("year/pay/sheets/<str:public_id>/", pay.pay_sheet, name="pay-sheet"),
    path("year/pay/sheets/<str:public_id>/confirm/", pay.pay_confirm, name="pay-confirm"),
    path("year/pay/sheets/<str:public_id>/reopen/", pay.pay_reopen, name="pay-reopen"),
    path("year/pay/sheets/<str:public_id>/pay/", pay.pay_out, name="pay-out"),
    path("year/pay/sheets/<str:public_id>/drop/", pay.pay_drop, name="pay-drop"),
    path("year/pay/sheets/<str:public_id>/lines/", pay_lines.pay_lines, name="pay-lines"),
    path("year/pay/sheets/<str:public_id>/workbook/", pay_lines.pay_workbook, name="pay-workbook"),
    path("year/pay/sheets/<str:public_id>/slips/", pay_lines.pay_slips, name="pay-slips"),
    path("year/pay/sheets/<str:public_id>/lines/<str:person>/", pay_lines.pay_line, name="pay-line"),
    path(
        "year/pay/sheets/<str:public_id>/lines/<str:person>/corrections/<str:key>/",
        pay_lines.pay_uncorrect,
        name="pay-uncorrect",
    ),
]

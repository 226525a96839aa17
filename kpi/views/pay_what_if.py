"""The pay bill of a year as somebody assumes it: computed on a copy, nothing kept."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kpi.access import pay as access
from kpi.forms import YearForm
from kpi.forms.pay import BillForm
from kpi.pay.what_if import Assumed
from kpi.queries.grades import last_day_of
from kpi.queries.pay_rules import pay_rule_for, scale_for
from kpi.queries.pay_what_if import try_bill
from kpi.queries.run import assessed_years
from kpi.views.pay import pay_url, private
from promotion.errors import NotAllowed
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


@never_cache
@require_GET
def pay_what_if(request: SignedInRequest) -> HttpResponse:
    """Other values, another table, or everybody at target: the bill in total, by grade and team, beside the present one."""
    if not access.can_confirm_pay(request.user):
        raise NotAllowed(_("薪酬总额由人事和分管领导试算。"))
    year = YearForm.asked(request.GET)
    scale, rule = scale_for(last_day_of(year)), pay_rule_for(year)
    context: dict[str, Any] = {"year": year, "years": assessed_years(), "back_url": pay_url(year)}
    status = 200
    if scale is not None and rule is not None:
        asked = "scores" in request.GET
        form = BillForm(request.GET if asked else None, year=year, rule=rule, scale=scale)
        now = Assumed(scale.by_grade, rule.table)
        then = form.assumed() if asked and form.is_valid() else now
        status = 422 if form.errors else 200
        context |= {"form": form, "trial": try_bill(request.user, year, rule, now, then), "asked": asked}
    return private(page(request, "kpi/pay_what_if.html", context, status=status))

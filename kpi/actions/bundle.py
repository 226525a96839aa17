"""Taking the auditor's bundle out of the house is recorded like a write."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access.closing import can_take_bundles
from kpi.models import AssessmentYear, YearSeal
from kpi.queries.seal import closing_seal
from promotion.action import action, record
from promotion.errors import NotAllowed, Refused
from staff.models import Account


@action("year.bundle", gettext_lazy("导出审计包"))
def take_bundle(*, actor: Account, year: int) -> YearSeal:
    """Record that the actor takes the bundle of a closed year, and give its seal. Raises NotAllowed, and Refused for an open year."""
    if not can_take_bundles(actor):
        raise NotAllowed(_("只有纪检审计可以导出审计包；请联系他们。"))
    is_closed = AssessmentYear.objects.filter(year=year, closed_at__isnull=False).exists()
    seal = closing_seal(year) if is_closed else None
    if seal is None:
        raise Refused(_("%(year)s 年还没有关账；关账以后才有审计包。") % {"year": year})
    record(
        actor=actor,
        verb="year.bundle",
        target=seal.request,
        detail={"seal": seal.number, "digest": seal.digest},
    )
    return seal

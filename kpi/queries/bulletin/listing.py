"""Bulletins as the list shows them, and which periods still lack one."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpi.access.bulletin import bulletins_visible_to
from kpi.models import Bulletin, TargetPeriod
from kpi.scoring.bulletin import as_of_day, period_of
from promotion.errors import NotFound
from staff.models import Account

RELATED = ("run", "drafted_by", "issued_by", "withdrawn_by")


def listed_bulletins(actor: Account) -> QuerySet[Bulletin]:
    """The visible bulletins with what a list shows of them."""
    return bulletins_visible_to(actor).select_related(*RELATED).defer("figures")


def visible_bulletin(actor: Account, public_id: str) -> Bulletin:
    """One bulletin with its figures. Raises NotFound when it is not the actor's to see."""
    found = bulletins_visible_to(actor).select_related(*RELATED).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这份通报，或它还没有印发。"))
    return found


def periods_without(year: int, today: date) -> list[tuple[str, str]]:
    """Begun periods of the year without a live bulletin, the latest end first: code and label; the one to write next leads."""
    live = set(
        Bulletin.objects.filter(year=year, state__in=("draft", "issued")).values_list("period", flat=True)
    )
    begun = [(code, as_of_day(code, year, today)) for code in TargetPeriod.values if code not in live]
    dated = [(code, day) for code, day in begun if day is not None]
    # Of two periods that end on one day the shorter first: the month before the quarter, the quarter before the year.
    order = sorted(dated, key=lambda each: (each[1], -period_of(each[0]).part), reverse=True)
    over = [each for each in order if period_of(each[0]).days(year)[1] < today]
    rest = [each for each in order if each not in over]
    return [(code, str(TargetPeriod(code).label)) for code, _day in [*over, *rest]]

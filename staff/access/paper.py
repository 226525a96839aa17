"""Papers of the staff file: who opens them."""

from django.db.models import Q, QuerySet

from staff.access.competition import claims_visible_to, competitions_visible_to
from staff.access.contract import contracts_visible_to
from staff.access.paper_sheet import scans_hidden_from
from staff.models import Account, Role, StaffPaper


def papers_visible_to(actor: Account) -> QuerySet[StaffPaper]:
    """Who handed a paper in, HR and auditors open it; the contract that rests on it opens it to who reads that.

    Scans of score sheets are kept from who judges there until the session is closed.
    """
    if actor.is_role(Role.HR, Role.AUDITOR):
        return StaffPaper.objects.exclude(pk__in=scans_hidden_from(actor).values("pk"))
    signed = contracts_visible_to(actor).values("paper")
    notices = competitions_visible_to(actor).exclude(notice_paper=None).values("notice_paper")
    shown = claims_visible_to(actor).exclude(papers=None).values("papers")
    return StaffPaper.objects.filter(
        Q(uploaded_by=actor) | Q(pk__in=signed) | Q(pk__in=notices) | Q(pk__in=shown)
    )

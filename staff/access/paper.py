"""Papers of the staff file: who opens them."""

from django.db.models import QuerySet

from staff.models import Account, Role, StaffPaper


def papers_visible_to(actor: Account) -> QuerySet[StaffPaper]:
    """Who handed a paper in, HR and auditors open it; the record that rests on it may open it to others."""
    if actor.is_role(Role.HR, Role.AUDITOR):
        return StaffPaper.objects.all()
    return StaffPaper.objects.filter(uploaded_by=actor)

"""Who is told of a publicity: everybody ranked in the run, and who leads a ranked team."""

from django.db.models import Q

from kpi.models import Run, Standing
from staff.access import in_force
from staff.models import Account, Appointment


def concerned_accounts(run: Run) -> list[Account]:
    """The active accounts of the people in the run, and of today's leaders of its teams."""
    ranked = Standing.objects.filter(run=run)
    led = Appointment.objects.filter(
        in_force(), is_leader=True, team__in=ranked.exclude(team=None).values("team")
    )
    people = Q(person__in=ranked.exclude(person=None).values("person")) | Q(person__in=led.values("person"))
    return list(Account.objects.filter(people, is_active=True).order_by("pk"))

"""E-mails to contacts of departments, who have no account: written with what is told, sent by a worker."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext_lazy

from projects.models import DepartmentContact, DepartmentMail
from promotion.action import action
from staff.models import Account

MOST_TRIES = 5
MAILS_A_TURN = 200


def write_to_departments(contacts: Sequence[DepartmentContact], subject: str, text: str) -> int:
    """One e-mail to each contact with an address, called inside an action's transaction; gives how many will go out.

    Without a mail server nothing is written: whoever asks tells the departments himself.
    """
    if not settings.EMAIL_HOST:
        return 0
    reached = [each for each in contacts if each.email]
    DepartmentMail.objects.bulk_create(
        DepartmentMail(contact=each, subject=subject[:120], text=text) for each in reached
    )
    return len(reached)


def send_department_mails() -> int:
    """Send what waits, one a transaction; what fails waits for the next turn, five times at most."""
    waiting = DepartmentMail.objects.filter(state=DepartmentMail.State.WAITING).order_by("pk")
    return sum(_send(actor=None, pk=pk) for pk in list(waiting.values_list("pk", flat=True)[:MAILS_A_TURN]))


@action("department.mail", gettext_lazy("发部门邮件"))
def _send(*, actor: Account | None, pk: int) -> bool:
    held = DepartmentMail.objects.select_for_update(skip_locked=True, of=("self",)).select_related("contact")
    mail = held.filter(pk=pk, state=DepartmentMail.State.WAITING).first()
    if mail is None:
        return False
    mail.tries += 1
    try:
        send_mail(mail.subject, mail.text, None, [mail.contact.email])
    except OSError:
        if mail.tries >= MOST_TRIES:
            mail.state = DepartmentMail.State.FAILED
    else:
        mail.state, mail.sent_at = DepartmentMail.State.SENT, timezone.now()
    mail.save(update_fields=["state", "tries", "sent_at"])
    return mail.state == DepartmentMail.State.SENT

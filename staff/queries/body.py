"""What was issued under which name of the body (两块牌子): each app says what it issues."""

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from staff.models import BodyName, Contract


def issued_papers(name: BodyName) -> list[tuple[str, int]]:
    """The kinds of paper with how many carry the name."""
    return [row for path in settings.ISSUED_PAPERS for row in import_string(path)(name)]


def contracts_issued(name: BodyName) -> list[tuple[str, int]]:
    """Contracts of employment that were signed under the name."""
    signed = Contract.objects.filter(body_name=name).exclude(state="draft")
    return [(_("聘用合同"), signed.count())]

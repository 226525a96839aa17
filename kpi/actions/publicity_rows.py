"""What every step of a publicity begins with: the right, the locked rows, and words that fit."""

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.access.publicity import can_publicise, publicities_visible_to
from kpi.models import AssessmentYear, Publicity, Run
from promotion.action import check_version
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

NAMED = 5


def need_publicist(actor: Account) -> None:
    """Raises NotAllowed for whoever neither drafts nor announces."""
    if not can_publicise(actor):
        raise NotAllowed(_("考核公示由人事或分管领导拟定、发布和定案；请联系他们。"))


def present_run(year: int) -> Run:
    """The year's present run, with the year locked, so that no other takes its place meanwhile; lock it before the publicity.

    Raises Refused for a year that is closed or without a result.
    """
    rows = AssessmentYear.objects.select_for_update(of=("self",)).select_related("current_run")
    found = rows.filter(year=year).first()
    if found is None or found.current_run is None:
        raise Refused(_("%(year)s 年还没有核算结果；请先核算。") % {"year": year})
    if found.closed_at is not None:
        raise Refused(_("%(year)s 年已关账，不能再公示。") % {"year": year})
    return found.current_run


def locked_publicity(actor: Account, publicity: Publicity, seen: int | None = None) -> Publicity:
    """The publicity, locked from the visible set. Raises NotFound, Conflict."""
    rows = publicities_visible_to(actor).select_for_update(of=("self",)).select_related("run")
    found = rows.filter(pk=publicity.pk).first()
    if found is None:
        raise NotFound(_("没有这次公示，或者它还没有发布。"))
    check_version(seen=seen, current=found)
    return found


def save_publicity(locked: Publicity, *names: str) -> None:
    """Write the named fields, and a new version."""
    locked.version += 1
    locked.save(update_fields=[*names, "version"])


def address_of(found: Publicity) -> str:
    """The page of the publicity."""
    return reverse("kpi:publicity-of", args=[found.public_id])


def named(names: list[str]) -> str:
    """The first names of a list, with a sign where there are more."""
    return "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")


def short(text: str, name: str, longest: int) -> str:
    """The words without the spaces around them. Raises Refused, at the input, for too many."""
    text = text.strip()
    if len(text) > longest:
        sentence = _("最多 %(number)s 个字。") % {"number": longest}
        raise Refused(sentence, fields={name: sentence})
    return text


def needed(text: str, name: str, sentence: str, longest: int) -> str:
    """The same for words that have to be there. Raises Refused."""
    text = short(text, name, longest)
    if not text:
        raise Refused(sentence, fields={name: sentence})
    return text

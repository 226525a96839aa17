"""What people can do: languages and expertise entered, raised and ended by HR."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import can_change_roster, fields_visible_to, languages_visible_to, people_visible_to
from staff.actions.paper import keep_paper
from staff.models import Account, Expertise, LanguageLevel, Person, PersonField, PersonLanguage


@action("language.add", gettext_lazy("登记外语"))
def add_language(
    *,
    actor: Account,
    person: Person,
    language: str,
    level: str,
    starts_on: date | None = None,
    certificate: str = "",
    paper: UploadedFile | None = None,
) -> PersonLanguage:
    """From the day on (today) the person speaks the language so well; an entry of it that still runs ends on that day.

    Raises Refused for no language, an unknown level, a day to come or before the running entry began.
    """
    locked, day = _locked_person(actor, person), starts_on or timezone.localdate()
    _check(language, "language", level, LanguageLevel, day)
    _end_running(locked.spoken.filter(language=language.strip()), day)
    added = PersonLanguage.objects.create(
        person=locked,
        language=language.strip(),
        level=level,
        starts_on=day,
        certificate=certificate.strip(),
        paper=keep_paper(paper, by=actor) if paper else None,
    )
    detail = {"language": added.language, "level": level, "from": str(day), "certificate": added.certificate}
    record(actor=actor, verb="language.add", target=locked, detail=detail)
    return added


@action("language.end", gettext_lazy("停止外语"))
def end_language(*, actor: Account, language: PersonLanguage, ends_on: date, reason: str) -> PersonLanguage:
    """From the day on it counts no more, with a reason. Raises Conflict when it has ended, Refused for a day before it began."""
    person = _locked_person(actor, language.person)
    found = _ended(languages_visible_to(actor).filter(pk=language.pk), ends_on, reason)
    detail = {"language": found.language, "level": found.level, "until": str(ends_on)}
    record(actor=actor, verb="language.end", target=person, reason=reason.strip(), detail=detail)
    return found  # type: ignore[no-any-return]


@action("expertise.add", gettext_lazy("登记产业专长"))
def add_field(
    *, actor: Account, person: Person, field: str, level: str, starts_on: date | None = None, note: str = ""
) -> PersonField:
    """From the day on (today) the person knows the field of industry so well; an entry that still runs ends on that day.

    Raises Refused for no field, an unknown level, a day to come or before the running entry began.
    """
    locked, day = _locked_person(actor, person), starts_on or timezone.localdate()
    _check(field, "field", level, Expertise, day)
    _end_running(locked.known_fields.filter(field=field.strip()), day)
    added = PersonField.objects.create(
        person=locked, field=field.strip(), level=level, starts_on=day, note=note.strip()
    )
    detail = {"field": added.field, "level": level, "from": str(day)}
    record(actor=actor, verb="expertise.add", target=locked, detail=detail)
    return added


@action("expertise.end", gettext_lazy("停止产业专长"))
def end_field(*, actor: Account, field: PersonField, ends_on: date, reason: str) -> PersonField:
    """From the day on it counts no more, with a reason. Raises Conflict when it has ended, Refused for a day before it began."""
    person = _locked_person(actor, field.person)
    found = _ended(fields_visible_to(actor).filter(pk=field.pk), ends_on, reason)
    detail = {"field": found.field, "level": found.level, "until": str(ends_on)}
    record(actor=actor, verb="expertise.end", target=person, reason=reason.strip(), detail=detail)
    return found  # type: ignore[no-any-return]


def _locked_person(actor: Account, person: Person) -> Person:
    """The person, so that two who enter skills of one person come one after the other."""
    found = people_visible_to(actor).select_for_update(of=("self",)).filter(pk=person.pk).first()
    if found is None:
        raise NotFound(_("没有这个人。"))
    if not can_change_roster(actor):
        raise NotAllowed(_("外语和专长由人事或系统管理员登记；请把证书交给他们。"))
    return found


def _check(what: str, name: str, level: str, levels: Any, day: date) -> None:
    wrong = {}
    if not what.strip() or len(what.strip()) > 30:
        wrong[name] = _("请填写，最多 30 个字。")
    if level not in levels.values:
        wrong["level"] = _("请选择程度。")
    if day > timezone.localdate():
        wrong["starts_on"] = _("不能晚于今天。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _end_running(rows: QuerySet[Any], day: date) -> None:
    running = rows.filter(ends_on=None).first()
    if running is None:
        return
    if running.starts_on > day:
        sentence = _("已登记自 %(day)s 起；新的程度不能早于那一天。") % {"day": running.starts_on}
        raise Refused(sentence, fields={"starts_on": sentence})
    running.ends_on = day
    running.save(update_fields=["ends_on"])


def _ended(rows: QuerySet[Any], ends_on: date, reason: str) -> Any:
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound(_("没有这条登记。"))
    if found.ends_on is not None:
        raise Conflict(_("这条登记已自 %(day)s 起停止。") % {"day": found.ends_on})
    wrong = {}
    if not reason.strip():
        wrong["reason"] = _("请写明为什么停止。")
    if not found.starts_on <= ends_on <= timezone.localdate():
        wrong["ends_on"] = _("停止日期须在 %(day)s 之后、今天或之前。") % {"day": found.starts_on}
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    found.ends_on = ends_on
    found.save(update_fields=["ends_on"])
    return found

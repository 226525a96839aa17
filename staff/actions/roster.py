"""The roster as a workbook: kept as a preview, written in one transaction when confirmed, or discarded.

A row to write is what `staff.imports` planned: the records it concerns (`person`, `appointment`, `account`, `ends`: ids
or None for new ones) and `changes`, for each of the three a mapping of field → [value at the preview, new value], both
as JSON writes them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.actions import close_preview, forget_preview, locked_preview
from promotion.chinese import person_initials, person_pinyin
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import ImportBatch
from staff.access import ROSTER_IMPORT, can_change_roster, roles_given_by, roster_imports_visible_to
from staff.actions.language_rows import settle_languages
from staff.models import Account, Appointment, Person, Team
from staff.queries import with_languages

PlannedRow = Mapping[str, Any]
Records = dict[Any, Any]


@action("roster.keep", gettext_lazy("上传名册"))
def keep_roster_import(
    *, actor: Account, file_name: str, accepted: list[dict[str, Any]], rejected: list[dict[str, Any]]
) -> ImportBatch:
    """Keep an uploaded roster as a preview; nothing of it is written to the staff file yet."""
    _need_roster(actor)
    batch = ImportBatch.objects.create(
        kind=ROSTER_IMPORT, file_name=file_name[:200], created_by=actor, accepted=accepted, rejected=rejected
    )
    record(
        actor=actor,
        verb="roster.keep",
        target=batch,
        detail={"rows": len(accepted), "rejected": len(rejected)},
    )
    return batch


@action("roster.apply", gettext_lazy("写入名册"))
def apply_roster_import(*, actor: Account, batch: ImportBatch) -> ImportBatch:
    """Write all rows of a preview, or none.

    Raises Refused when there is nothing to write or the batch is done with, Conflict naming the person when a value has
    been changed since the preview. Log-ins that it opens have no password until an administrator gives the first one.
    """
    batch = _locked(actor, batch)
    rows = [row for row in batch.accepted if any(row["changes"].values()) or row["ends"]]
    if not rows:
        raise Refused(_("没有需要写入的行：名册与现有资料一致。"))
    people = _locked_records(with_languages(Person.objects.all()), rows, "person")
    posts = _locked_records(Appointment.objects, rows, "appointment")
    accounts = _locked_records(Account.objects, rows, "account")
    _check_roles(actor, rows)
    _write_people(rows, people)
    _end_posts(rows)
    _write_posts(rows, people, posts)
    _write_accounts(rows, people, accounts)
    close_preview(batch)
    record(actor=actor, verb="roster.apply", target=batch, detail=_counts(rows))
    return batch


@action("roster.discard", gettext_lazy("放弃名册"))
def discard_import(*, actor: Account, batch: ImportBatch) -> ImportBatch:
    """Put a preview aside; its rows are forgotten, because they hold personal data that nobody needs any more."""
    batch = _locked(actor, batch)
    forget_preview(batch)
    record(actor=actor, verb="roster.discard", target=batch)
    return batch


@action("roster.export", gettext_lazy("导出名册"))
def note_roster_export(*, actor: Account, rows: int) -> None:
    """Keep in the audit trail that the roster left the house, and how much of it."""
    _need_roster(actor)
    record(actor=actor, verb="roster.export", target=actor, detail={"rows": rows})


def _locked(actor: Account, batch: ImportBatch) -> ImportBatch:
    _need_roster(actor)
    return locked_preview(roster_imports_visible_to(actor), batch)


def _locked_records(manager: Any, rows: Iterable[PlannedRow], key: str) -> Records:
    keys = [row[key] for row in rows if row[key]]
    found = manager.select_for_update().order_by("pk").in_bulk(keys)
    if len(found) != len(set(keys)):
        raise Conflict(_("预览之后有人员或任职已被删除，没有写入。请重新上传这份名册。"))
    return found


def _set(target: models.Model, changes: Mapping[str, list[Any]], row: PlannedRow) -> None:
    """Set the new values, after making sure that each old one is still what the preview showed."""
    for name, (old, new) in changes.items():
        if target.pk and _as_json(getattr(target, name)) != old:
            raise Conflict(
                _(
                    "预览之后，%(name)s（%(number)s）的资料已被他人修改，没有写入任何一行。请重新上传这份名册。"
                )
                % {"name": row["name"], "number": row["staff_number"]}
            )
        if name == "languages":
            continue
        field = target._meta.get_field(name)
        setattr(target, name, parse_date(new) if isinstance(field, models.DateField) and new else new)


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _write_people(rows: list[PlannedRow], people: Records) -> None:
    """Create and update people; new ones are put into `people` under their staff numbers."""
    new: list[Person] = []
    changed: list[Person] = []
    names: set[str] = set()
    texts: dict[str, str] = {}
    for row in rows:
        changes = row["changes"]["person"]
        if not changes and row["person"]:
            continue
        person = people.get(row["person"]) or Person(staff_number=row["staff_number"])
        _set(person, changes, row)
        person.pinyin, person.initials = person_pinyin(person.name), person_initials(person.name)
        names |= changes.keys() - {"languages"}
        if "languages" in changes:
            texts[person.staff_number] = changes["languages"][1]
        (changed if person.pk else new).append(person)
    for person in Person.objects.bulk_create(new):
        people[person.staff_number] = person
    if changed:
        Person.objects.bulk_update(changed, sorted(names | {"pinyin", "initials"}), batch_size=500)
    written = {
        person: texts[person.staff_number] for person in (*new, *changed) if person.staff_number in texts
    }
    settle_languages(written, timezone.localdate())


def _end_posts(rows: list[PlannedRow]) -> None:
    """End the earlier posts that new ones follow."""
    ends = {
        row["ends"]: parse_date(row["changes"]["appointment"]["starts_on"][1]) for row in rows if row["ends"]
    }
    posts = list(Appointment.objects.select_for_update().filter(pk__in=ends, ends_on=None).order_by("pk"))
    if len(posts) != len(ends):
        raise Conflict(_("预览之后有任职已被他人结束，没有写入。请重新上传这份名册。"))
    for post in posts:
        post.ends_on = ends[post.pk]
    Appointment.objects.bulk_update(posts, ["ends_on"], batch_size=500)


def _write_posts(rows: list[PlannedRow], people: Records, posts: Records) -> None:
    """Create and update posts; the constraint against overlaps has the last word."""
    teams = Team.objects.in_bulk()
    new: list[Appointment] = []
    changed: list[Appointment] = []
    for row in rows:
        changes = dict(row["changes"]["appointment"])
        if not changes:
            continue
        post = posts.get(row["appointment"]) or Appointment(person=_person_of(row, people))
        if "team_id" in changes and changes["team_id"][1] not in teams:
            raise Conflict(_("预览之后有团队已被删除，没有写入。请重新上传这份名册。"))
        _set(post, changes, row)
        (changed if post.pk else new).append(post)
    Appointment.objects.bulk_create(new)
    if changed:
        names = ["team_id", "grade", "is_leader", "ends_on"]
        Appointment.objects.bulk_update(changed, [name.removesuffix("_id") for name in names], batch_size=500)


def _write_accounts(rows: list[PlannedRow], people: Records, accounts: Records) -> None:
    """Open and change log-ins."""
    new: list[Account] = []
    changed: list[Account] = []
    for row in rows:
        changes = row["changes"]["account"]
        if not changes:
            continue
        account = accounts.get(row["account"])
        if account is None:
            account = Account(
                person=_person_of(row, people), display_name=row["name"], must_change_password=True
            )
            account.password = make_password(None)
        _set(account, changes, row)
        (changed if account.pk else new).append(account)
    Account.objects.bulk_create(new)
    if changed:
        Account.objects.bulk_update(changed, ["role"], batch_size=500)


def _person_of(row: PlannedRow, people: Records) -> Person:
    found: Person = people[row["person"] or row["staff_number"]]
    return found


def _check_roles(actor: Account, rows: Iterable[PlannedRow]) -> None:
    """The preview says the same; here it is made certain, because a preview is only data."""
    allowed = {str(role) for role in roles_given_by(actor)}
    for row in rows:
        asked = {role for role in row["changes"]["account"].get("role", []) if role}
        if asked - allowed:
            raise NotAllowed(_("名册里有只能由系统管理员授予的角色，没有写入。"))


def _counts(rows: list[PlannedRow]) -> dict[str, int]:
    return {
        "new_people": sum(not row["person"] for row in rows),
        "changed_people": sum(bool(row["person"] and row["changes"]["person"]) for row in rows),
        "posts": sum(bool(row["changes"]["appointment"]) for row in rows),
        "accounts": sum(bool(row["changes"]["account"]) for row in rows),
    }


def _need_roster(actor: Account) -> None:
    if not can_change_roster(actor):
        raise NotAllowed(_("只有人事和系统管理员可以导入和导出名册。"))

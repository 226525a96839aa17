"""What a roster would change: each row compared with the staff file of today, in a constant number of queries."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from promotion.errors import Refused
from promotion.web.tables import Table, TableRow
from staff.access import appointments_visible_to, people_visible_to, roles_given_by, teams_visible_to
from staff.imports.cells import HEADINGS, REQUIRED, Cells
from staff.models import Account, Appointment, Grade, Identity, Person, Role, Team
from staff.queries import with_languages

Changes = dict[str, list[Any]]


@dataclass(frozen=True)
class Preview:
    """Rows to write as `staff.actions.apply_roster_import` reads them, and rows refused with their reasons."""

    accepted: list[dict[str, Any]]
    rejected: list[dict[str, Any]]


@dataclass(frozen=True)
class Known:
    """The staff file as far as a roster names it."""

    people: dict[str, Person]
    posts: dict[int, list[Appointment]]
    logins: dict[int, Account]
    usernames: dict[str, Account]
    teams: dict[str, Team]
    roles: tuple[Role, ...]
    end_earlier: bool


def read_roster(actor: Account, table: Table, *, end_earlier: bool = False) -> Preview:
    """Plan every row. `end_earlier` lets a later post end the running one the day before.

    The first rejected entry, with line 0, names unknown and missing columns where there are any.
    Raises Refused when a column without which no row can be read is missing.
    """
    missing = [name for name in HEADINGS if name not in table.headings]
    if lacking := [name for name in REQUIRED if name in missing]:
        raise Refused(_("缺少必填的列：%(names)s。请用模板的标题行。") % {"names": "、".join(lacking)})
    unknown = [name for name in table.headings if name not in HEADINGS]
    rejected: list[dict[str, Any]] = []
    if unknown or missing:
        rejected.append({"line": 0, "cells": {}, "reasons": [], "unknown": unknown, "missing": missing})
    known = look_up(actor, table, end_earlier=end_earlier)
    twice = {heading: _repeated(table, heading) for heading in ("工号", "登录名")}
    accepted = []
    for row in table.rows:
        cells = Cells(row.line, row.cells)
        plan = plan_row(cells, known)
        for heading, repeated in twice.items():
            if row.cells.get(heading, "").lower() in repeated:
                cells.refuse(
                    _("%(heading)s“%(value)s”在文件里出现了不止一次。")
                    % {"heading": heading, "value": row.cells[heading]}
                )
        if cells.reasons:
            rejected.append({"line": row.line, "cells": _kept(row), "reasons": cells.reasons})
        else:
            accepted.append(plan)
    return Preview(accepted, rejected)


def look_up(actor: Account, table: Table, *, end_earlier: bool) -> Known:
    """Everything that the rows may refer to, in five queries."""
    numbers = [row.cells.get("工号", "") for row in table.rows]
    people = {
        person.staff_number: person
        for person in with_languages(people_visible_to(actor)).filter(staff_number__in=numbers)
    }
    ids = [person.pk for person in people.values()]
    posts: dict[int, list[Appointment]] = {}
    for post in (
        appointments_visible_to(actor).filter(person__in=ids).select_related("team").order_by("starts_on")
    ):
        posts.setdefault(post.person_id, []).append(post)
    names = [row.cells.get("登录名", "").lower() for row in table.rows]
    teams: dict[str, Team] = {}
    for team in teams_visible_to(actor):
        teams |= {team.name: team, team.code: team}
    return Known(
        people=people,
        posts=posts,
        logins={
            account.person_id: account
            for account in Account.objects.filter(person__in=ids)
            if account.person_id
        },
        usernames={account.username: account for account in Account.objects.filter(username__in=names)},
        teams=teams,
        roles=roles_given_by(actor),
        end_earlier=end_earlier,
    )


def plan_row(cells: Cells, known: Known) -> dict[str, Any]:
    """The row as it would be written; its reasons tell whether it may be."""
    number, name = cells.required("工号", 20), cells.required("姓名", 60)
    person = known.people.get(number)
    plan: dict[str, Any] = {
        "line": cells.line,
        "staff_number": number,
        "name": name,
        "person": person.pk if person else None,
        "appointment": None,
        "account": None,
        "ends": None,
        "changes": {"person": plan_person(cells, name, person), "appointment": {}, "account": {}},
    }
    plan_post(cells, person, known, plan)
    plan_account(cells, person, known, plan)
    return plan


def plan_person(cells: Cells, name: str, person: Person | None) -> Changes:
    """An empty cell leaves what is there; a new person needs the day of joining."""
    joined_on = cells.day("入职日期")
    if person is None and joined_on is None and not cells.values.get("入职日期"):
        cells.refuse(_("新人员须填写入职日期。"))
    asked: dict[str, Any] = {
        "name": name,
        "identity": cells.choice("身份", Identity),
        "home_unit": cells.text("原单位", 80),
        "phone": cells.phone(),
        "email": cells.email(),
        "languages": cells.languages(person.languages if person else ""),  # type: ignore[attr-defined]
        "joined_on": joined_on.isoformat() if joined_on else "",
    }
    return differences(person, {field: value for field, value in asked.items() if value})


def plan_post(cells: Cells, person: Person | None, known: Known, plan: dict[str, Any]) -> None:
    """A post needs team, grade and first day together; without any of them the row has no post."""
    team = known.teams.get(cells.values.get("团队", ""))
    if cells.values.get("团队") and team is None:
        words = {"value": cells.values["团队"]}
        cells.refuse(_("没有名为“%(value)s”的团队；请填团队的全称或代码。") % words)
    grade, leads = cells.choice("级别", Grade), cells.flag("是否队长")
    starts_on, last_day = cells.day("任职起"), cells.day("任职止")
    given = [bool(cells.values.get(heading)) for heading in ("团队", "级别", "任职起")]
    if any(given) and not all(given):
        cells.refuse(_("团队、级别、任职起须同时填写，或同时留空。"))
    if team is None or not grade or starts_on is None:
        return
    ends_on = last_day + timedelta(days=1) if last_day else None
    check_days(cells, team, person, starts_on, ends_on)
    posts = known.posts.get(person.pk, []) if person else []
    present = next((post for post in posts if post.starts_on == starts_on), None)
    plan["appointment"] = present.pk if present else None
    others = [post for post in posts if post is not present and overlaps(post, starts_on, ends_on)]
    running = (
        others[0]
        if len(others) == 1 and others[0].ends_on is None and others[0].starts_on < starts_on
        else None
    )
    if running and known.end_earlier:
        plan["ends"] = running.pk
    elif others:
        words = {"team": others[0].team.name, "since": str(others[0].starts_on)}
        cells.refuse(
            _("与现有任职重叠：自 %(since)s 起在%(team)s任职。请先结束原任职，或勾选“自动结束原任职”。")
            % words
        )
    asked: dict[str, Any] = {"team_id": team.pk, "grade": grade, "starts_on": starts_on.isoformat()}
    asked |= {"is_leader": bool(leads)} if leads is not None or present is None else {}
    asked |= {"ends_on": ends_on.isoformat()} if ends_on else {}
    plan["changes"]["appointment"] = differences(present, asked)


def check_days(
    cells: Cells, team: Team, person: Person | None, starts_on: date, ends_on: date | None
) -> None:
    """The same rules as for a single appointment."""
    joined_on = Cells(0, cells.values).day("入职日期") or (person.joined_on if person else None)
    if joined_on and starts_on < joined_on:
        cells.refuse(_("任职起早于入职日期 %(day)s。") % {"day": joined_on})
    if ends_on and ends_on <= starts_on:
        cells.refuse(_("任职止早于任职起。"))
    if person and person.left_on and starts_on >= person.left_on:
        cells.refuse(_("这个人已于 %(day)s 离职。") % {"day": person.left_on})
    if starts_on < team.founded_on or (team.closed_on and starts_on >= team.closed_on):
        cells.refuse(_("%(team)s在 %(day)s 尚未成立或已经撤销。") % {"team": team.name, "day": starts_on})


def plan_account(cells: Cells, person: Person | None, known: Known, plan: dict[str, Any]) -> None:
    """A log-in is opened or given another role; its name never changes, and high roles are not given here.

    Without a role in the cell, whoever never held a post signs in as staff of the committee.
    """
    username, role = cells.login(), cells.choice("角色", Role)
    account = known.logins.get(person.pk) if person else None
    holder = known.usernames.get(username)
    if account and username and account.username != username:
        cells.refuse(_("此人已有登录名“%(name)s”，导入不改登录名。") % {"name": account.username})
    elif account is None and holder is not None:
        cells.refuse(
            _("登录名“%(name)s”已属于%(holder)s。") % {"name": username, "holder": holder.display_name}
        )
    elif account is None and role and not username:
        cells.refuse(_("填写了角色，但没有登录名。"))
    if account is None and not username:
        return
    posted = plan["changes"]["appointment"] or (person and known.posts.get(person.pk))
    asked = {"role": role or (account.role if account else Role.OFFICER if posted else Role.STAFF)}
    changes = differences(account, asked if account else {"username": username, **asked})
    outside = [each for each in changes.get("role", []) if each and each not in known.roles]
    if outside:
        cells.refuse(_("角色“%(role)s”只能由系统管理员授予或改动。") % {"role": Role(outside[0]).label})
    plan["account"], plan["changes"]["account"] = account.pk if account else None, changes


def differences(record: Any, asked: dict[str, Any]) -> Changes:
    """field → [what is there, what is asked for], only where the two differ; nothing is there of a new record."""
    changes: Changes = {}
    for name, new in asked.items():
        old = getattr(record, name) if record is not None else None
        old = old.isoformat() if isinstance(old, date) else old
        if old != new:
            changes[name] = [old, new]
    return changes


def overlaps(post: Appointment, starts_on: date, ends_on: date | None) -> bool:
    """Whether a post and the half-open days [starts_on, ends_on) share a day."""
    return (ends_on is None or post.starts_on < ends_on) and (
        post.ends_on is None or starts_on < post.ends_on
    )


def _repeated(table: Table, heading: str) -> set[str]:
    counts = Counter(row.cells.get(heading, "").lower() for row in table.rows)
    return {value for value, times in counts.items() if value and times > 1}


def _kept(row: TableRow) -> dict[str, str]:
    return {heading: row.cells.get(heading, "") for heading in HEADINGS}

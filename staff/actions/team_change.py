"""Teams changed, moved and closed on a day, and led by another from a day (机构调整)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import appointments_visible_to, can_change_roster, in_force, teams_visible_to
from staff.models import Account, Appointment, Person, Team, TeamKind, TeamPast

CHANGES = ("name", "parent", "fields", "region")


@action("team.change", gettext_lazy("变更团队"))
def change_team(
    *, actor: Account, team: Team, on: date, reason: str, seen: dict[str, Any] | None = None, **changes: Any
) -> Team:
    """From the day on, today or since the last change, the team has another name, parent, fields or region.

    What it was before stays readable on its days. `seen` holds the values that the form was drawn from. Raises Refused for a
    day to come or before the last change, a parent that cannot be one or no reason; Conflict for a name that is taken.
    """
    found = _locked(actor, team)
    if found.closed_on is not None:
        raise Conflict(_("“%(name)s”已撤销，不能再变更。") % {"name": found.name})
    _check_seen(found, seen or {})
    differing = {
        name: value for name, value in changes.items() if name in CHANGES and getattr(found, name) != value
    }
    if not differing:
        return found
    since = _since(found)
    _check_change(found, differing, on, since, reason)
    before = {name: getattr(found, name) for name in CHANGES}
    if on > since:
        TeamPast.objects.create(team=found, holds_from=since, holds_until=on, reason=reason.strip(), **before)
    for name, value in differing.items():
        setattr(found, name, value)
    found.save()
    detail = {name: [str(before[name] or ""), str(value or "")] for name, value in differing.items()}
    record(
        actor=actor, verb="team.change", target=found, reason=reason.strip(), detail={**detail, "on": str(on)}
    )
    return found


@action("team.close", gettext_lazy("撤销团队"))
def close_team(*, actor: Account, team: Team, on: date, reason: str) -> Team:
    """From the day on the team is no more; it is not opened again. Who and what it was stays readable.

    Raises Refused while it has people, teams below or projects on that day, saying which; Conflict when it is closed already.
    """
    found = _locked(actor, team)
    if found.closed_on is not None:
        raise Conflict(_("“%(name)s”已于 %(day)s 撤销。") % {"name": found.name, "day": found.closed_on})
    wrong = {}
    if on <= max(_since(found), found.founded_on):
        wrong["on"] = _("撤销日期必须晚于 %(day)s。") % {"day": max(_since(found), found.founded_on)}
    if not reason.strip():
        wrong["reason"] = _("请写明撤销的依据。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    if held := _holdings(found, on):
        raise Refused(
            _("“%(name)s”还不能撤销：%(what)s。请先调整，再撤销。")
            % {"name": found.name, "what": "；".join(held)}
        )
    found.closed_on = on
    found.save(update_fields=["closed_on"])
    record(actor=actor, verb="team.close", target=found, reason=reason.strip(), detail={"on": str(on)})
    return found


@action("team.lead", gettext_lazy("任命队长"))
def name_leader(*, actor: Account, team: Team, person: Person, on: date) -> Appointment:
    """From the day on this member leads the team; whoever led it stays as a member. Posts before the day stay as they were.

    Raises Refused for somebody who is no member on the day, Conflict when he leads it already.
    """
    found = _locked(actor, team)
    posts = list(
        appointments_visible_to(actor)
        .select_for_update(of=("self",))
        .filter(in_force(on), team=found)
        .order_by("pk")
    )
    own = next((post for post in posts if post.person_id == person.pk), None)
    if own is None:
        sentence = _("%(name)s 在 %(day)s 不是%(team)s的成员；请先任命到这个团队。") % {
            "name": person.name,
            "day": on,
            "team": found.name,
        }
        raise Refused(sentence, fields={"person": sentence})
    if own.is_leader:
        raise Conflict(_("%(name)s 已经是队长。") % {"name": person.name})
    if any(post.ends_on is not None for post in posts if post is own or post.is_leader):
        raise Refused(_("有关任职已定了结束日期；请在人员页另行任命。"), fields={"on": _("请换一天。")})
    before = [post for post in posts if post.is_leader]
    for post in before:
        _split(post, on, is_leader=False)
    led = _split(own, on, is_leader=True)
    detail = {"person": person.staff_number, "on": str(on), "before": [str(post.person) for post in before]}
    record(actor=actor, verb="team.lead", target=found, detail=detail)
    return led


def _split(post: Appointment, on: date, *, is_leader: bool) -> Appointment:
    """The same post goes on from the day, leading or not; one that begins on the day is only rewritten."""
    if post.starts_on == on:
        post.is_leader = is_leader
        post.save(update_fields=["is_leader"])
        return post
    post.ends_on = on
    post.save(update_fields=["ends_on"])
    return Appointment.objects.create(
        person=post.person, team=post.team, grade=post.grade, is_leader=is_leader, starts_on=on
    )


def _locked(actor: Account, team: Team) -> Team:
    found = teams_visible_to(actor).select_for_update(of=("self",)).filter(pk=team.pk).first()
    if found is None:
        raise NotFound(_("没有这个团队。"))
    if not can_change_roster(actor):
        raise NotAllowed(_("只有人事和系统管理员可以调整机构。"))
    return found


def _since(team: Team) -> date:
    """Since when the team is as it is."""
    last = team.pasts.order_by("-holds_until").values_list("holds_until", flat=True).first()
    return last or team.founded_on


def _check_seen(team: Team, seen: dict[str, Any]) -> None:
    for name, value in seen.items():
        if name in CHANGES and getattr(team, name) != value:
            raise Conflict(
                _("您打开页面之后，“%(team)s”已被他人变更；您填写的内容没有保存，请核对后再提交一次。")
                % {"team": team.name}
            )


def _check_change(team: Team, changes: dict[str, Any], on: date, since: date, reason: str) -> None:
    wrong = {}
    if not since <= on <= timezone.localdate():
        wrong["on"] = _("变更日期须在 %(day)s 之后、今天或之前。") % {"day": since}
    if not reason.strip():
        wrong["reason"] = _("请写明变更的依据。")
    if "name" in changes:
        if not changes["name"].strip():
            wrong["name"] = _("名称不能空着。")
        elif Team.objects.filter(name=changes["name"]).exclude(pk=team.pk).exists():
            wrong["name"] = _("已有团队叫“%(name)s”。") % {"name": changes["name"]}
    if "parent" in changes and (fault := _fault_of_parent(team, changes["parent"], on)):
        wrong["parent"] = fault
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _fault_of_parent(team: Team, parent: Team | None, on: date) -> str:
    """Why the team cannot stand under this one; empty when it can."""
    if parent is None:
        return ""
    if team.kind == TeamKind.DEPARTMENT or parent.kind in (TeamKind.LIAISON, TeamKind.UNIT):
        return _("项目部不设上级，联络处不设下级。")
    if parent.founded_on > on or (parent.closed_on is not None and parent.closed_on <= on):
        return _("上级在 %(day)s 尚未成立或已经撤销。") % {"day": on}
    above: Team | None = parent
    while above is not None:
        if above.pk == team.pk:
            return _("不能归到自己或下级之下。")
        above = above.parent
    return ""


def _holdings(team: Team, on: date) -> list[str]:
    """What keeps the team open on the day, in words: people, teams below, and what the apps above it hold."""
    held = []
    people = team.appointments.filter(Q(ends_on=None) | Q(ends_on__gt=on)).select_related("person")
    if names := list(people.values_list("person__name", flat=True)[:6]):
        held.append(_("还有 %(count)s 人任职（%(names)s）") % _words(names, people.count()))
    below = team.children.filter(Q(closed_on=None) | Q(closed_on__gt=on))
    if names := list(below.values_list("name", flat=True)[:6]):
        held.append(_("还有 %(count)s 个下级团队（%(names)s）") % _words(names, below.count()))
    return held + [text for path in settings.TEAM_HOLDINGS if (text := import_string(path)(team))]


def _words(names: list[str], count: int) -> dict[str, object]:
    return {"names": "、".join(names) + ("…" if count > len(names) else ""), "count": count}

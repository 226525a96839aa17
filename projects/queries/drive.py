"""Supervised drives as they are read: each project's progress by its facts, its lamp with the reason, what is due."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import projects_visible_to
from projects.access.drive import (
    can_judge_drive,
    drive_lines_visible_to,
    drives_directed_by,
    drives_visible_to,
)
from projects.drive_rules import Cause, Lamp, check_in_due, expected_progress, judged_lamp, progress_by_facts
from projects.models import (
    RHYTHM_DAYS,
    Achievement,
    CheckIn,
    Drive,
    DriveProject,
    Project,
    Recognition,
    Rhythm,
    StageChange,
)
from projects.workflow import GATES, ORDER, Stage, Status
from promotion.errors import NotFound
from promotion.web.formats import day
from staff.models import Account
from staff.queries.due_item import DueItem

TONES = {Lamp.GREEN: "done", Lamp.YELLOW: "attention", Lamp.RED: "alarm"}
MOST_MOVES = 12


@dataclass(frozen=True)
class LineStanding:
    """A project of a drive as it stands on a day; `progress` in percent, `by_facts` unless there is only a report."""

    line: DriveProject
    progress: int
    by_facts: bool
    reached: bool
    lamp: Lamp
    cause: Cause
    expected: int
    next_check_in: date
    last: CheckIn | None

    @property
    def tone(self) -> str:
        return TONES[self.lamp]

    @property
    def open(self) -> bool:
        """Whether anything is still to be done in it."""
        return self.line.left_on is None and self.line.done_on is None and self.line.drive.closed_on is None

    @property
    def words(self) -> str:
        """Why the lamp shows what it shows, in a sentence."""
        line = self.line
        facts = {
            "progress": self.progress,
            "expected": self.expected,
            "due": day(line.due_on),
            "checkin": day(self.next_check_in),
            "stage": line.get_target_stage_display(),
            "status": line.project.get_status_display(),
            "done": day(line.done_on),
        }
        sentences = {
            Cause.DONE: _("已于 %(done)s 销号") if line.done_on else _("已达目标，待销号"),
            Cause.STOPPED: _("项目已%(status)s，请恢复或移出"),
            Cause.OVERDUE: _("期限 %(due)s 已过，进度 %(progress)s%%"),
            Cause.FAR_BEHIND: _("进度 %(progress)s%%，按时间应到 %(expected)s%%"),
            Cause.BEHIND: _("进度 %(progress)s%%，按时间应到 %(expected)s%%"),
            Cause.SILENT: _("应于 %(checkin)s 前填报，还没有填"),
            Cause.UNRECOGNISED: _("已到「%(stage)s」，里程碑待认定"),
            Cause.ON_COURSE: _("进度 %(progress)s%%，按时间应到 %(expected)s%%"),
        }
        return sentences[self.cause] % facts


def visible_drive(actor: Account, public_id: str) -> Drive:
    """One drive. Raises NotFound when it is not the actor's to see."""
    found = drives_visible_to(actor).select_related("leader", "created_by", "closed_by")
    drive = found.filter(public_id=public_id).first()
    if drive is None:
        raise NotFound(_("没有这次督查行动，或者您看不到它。"))
    return drive


def visible_line(actor: Account, drive: Drive, pk: int) -> DriveProject:
    """A project of the drive. Raises NotFound when it is not there, or not the actor's to see."""
    lines = drive_lines_visible_to(actor).filter(drive=drive, left_on=None)
    line = lines.select_related("drive", "project__owner").filter(pk=pk).first()
    if line is None:
        raise NotFound(_("这个项目不在督查里，或者您看不到它。"))
    return line


def listed_drives(actor: Account) -> QuerySet[Drive]:
    """The drives one sees, with how many of their visible projects take part and are done."""
    seen = Q(lines__left_on=None, lines__project__in=projects_visible_to(actor).values("pk"))
    return (
        drives_visible_to(actor)
        .select_related("leader", "created_by")
        .annotate(
            projects=Count("lines", filter=seen),
            done=Count("lines", filter=seen & Q(lines__done_on__isnull=False)),
        )
    )


def drive_lines(actor: Account) -> QuerySet[DriveProject]:
    """The visible projects of drives that have not left, with what a standing reads."""
    lines = drive_lines_visible_to(actor).filter(left_on=None)
    return lines.select_related(
        "drive__leader", "project__owner", "project__team", "project__company", "done_by"
    ).order_by("due_on", "pk")


def removed_lines(actor: Account, drive: Drive) -> list[DriveProject]:
    """The visible projects that were taken out of the drive, with the reason; one query."""
    lines = drive_lines_visible_to(actor).filter(drive=drive, left_on__isnull=False)
    return list(lines.select_related("project").order_by("-left_on", "-pk"))


def standings(lines: Iterable[DriveProject], today: date | None = None) -> list[LineStanding]:
    """How each line stands; two queries beyond the lines, however many there are."""
    rows = list(lines)
    recognised = _recognised(rows)
    last = _last_check_ins(rows)
    return [standing_of(row, recognised, last.get(row.pk), today) for row in rows]


def standing_of(
    line: DriveProject, recognised: set[tuple[int, str]], last: CheckIn | None, today: date | None = None
) -> LineStanding:
    """One line on a day; `recognised` are the recognised milestones as (project, kind)."""
    on = line.drive.closed_on or today or timezone.localdate()
    start = max(line.drive.starts_on, line.added_on)
    progress, reached = _progress(line, recognised)
    next_check_in = check_in_due(line.last_check_in_on, start, RHYTHM_DAYS[Rhythm(line.drive.rhythm)])
    lamp, cause = judged_lamp(
        starts_on=start,
        due_on=line.due_on,
        progress=progress,
        today=on,
        next_check_in=next_check_in,
        reached=reached,
        stopped=line.project.status != Status.ACTIVE,
    )
    expected = int(expected_progress(start, line.due_on, on))
    by_facts = bool(line.target_stage)
    return LineStanding(line, progress, by_facts, reached, lamp, cause, expected, next_check_in, last)


def _progress(line: DriveProject, recognised: set[tuple[int, str]]) -> tuple[int, bool]:
    """Percent, and whether the target stage is reached though not recognised yet."""
    if line.done_on:
        return 100, False
    if not line.target_stage:
        return min(line.progress, 99), False
    kind = GATES[Stage(line.target_stage)].milestone
    counts = kind is None or (line.project_id, kind) in recognised
    there = ORDER.index(Stage(line.project.stage)) >= ORDER.index(Stage(line.target_stage))
    progress = progress_by_facts(line.base_stage, line.project.stage, line.target_stage, recognised=counts)
    return progress, there and not counts


def is_reached(line: DriveProject) -> bool:
    """Whether the target stage is reached and its milestone recognised; text targets are for people to judge."""
    return not line.target_stage or _progress(line, _recognised([line]))[0] == 100


def _recognised(lines: Sequence[DriveProject]) -> set[tuple[int, str]]:
    kinds = {GATES[Stage(line.target_stage)].milestone for line in lines if line.target_stage} - {None}
    if not kinds:
        return set()
    rows = Achievement.objects.filter(
        project__in={line.project_id for line in lines}, kind__in=kinds, state=Recognition.RECOGNISED
    )
    return {(project, kind) for project, kind in rows.values_list("project", "kind") if project}


def _last_check_ins(lines: Sequence[DriveProject]) -> dict[int, CheckIn]:
    rows = CheckIn.objects.filter(line__in=[line.pk for line in lines]).select_related("reported_by", "photo")
    return {row.line_id: row for row in rows.order_by("line_id", "-on", "-pk").distinct("line_id")}


def stage_on(project: Project, on: date) -> str:
    """Where the project stood at the end of a day, by its moves; its present stage when it never moved."""
    moves = list(project.stage_changes.order_by("happened_on", "pk"))
    before = [move.to_stage for move in moves if move.happened_on <= on]
    if before:
        return before[-1]
    return (moves[0].from_stage or Stage.LEAD) if moves else project.stage


def moves_of(drive: Drive, lines: Sequence[DriveProject]) -> list[StageChange]:
    """What the projects of the drive did since it began, the latest first; one query."""
    rows = StageChange.objects.filter(
        project__in=[line.project_id for line in lines],
        happened_on__gt=drive.starts_on,
        happened_on__lt=drive.ends_on,
    ).exclude(from_stage="")
    return list(rows.select_related("project").order_by("-happened_on", "-pk")[:MOST_MOVES])


def last_day(drive: Drive) -> date:
    """The last day that belongs to the drive."""
    return drive.ends_on - timedelta(days=1)


def hidden_count(drive: Drive, shown: int) -> int:
    """How many projects of the drive the reader does not see."""
    return drive.lines.filter(left_on=None).count() - shown


def lamp_counts(actor: Account) -> dict[int, Counter[str]]:
    """How many projects of each running drive show which lamp; three queries."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for one in standings(drive_lines(actor).filter(drive__closed_on=None)):
        found[one.line.drive_id][one.lamp] += 1
    return found


def drives_of(actor: Account, project: Project) -> list[LineStanding]:
    """The drives that a project takes part in, for its record: those that run, then the closed ones."""
    rows = drive_lines(actor).filter(project=project).order_by("drive__closed_on", "due_on")
    return standings(rows)


def open_drives(actor: Account, project: Project) -> QuerySet[Drive]:
    """The running drives that the account directs and the project is not in."""
    inside = DriveProject.objects.filter(project=project, left_on=None).values("drive")
    return directed_drives(actor).exclude(pk__in=inside)


def directed_drives(actor: Account) -> QuerySet[Drive]:
    """The running drives to which the account may add projects, the latest first."""
    return drives_directed_by(actor).filter(closed_on=None).order_by("-pk")


def drives_due(actor: Account, until: date) -> list[DueItem]:
    """Reports to give and targets to reach in one's own projects; drives past their end for those who close them."""
    return [*_lines_due(actor, until), *_drives_ended(actor, until)]


def _lines_due(actor: Account, until: date) -> list[DueItem]:
    if actor.person_id is None:
        return []
    own = drive_lines(actor).filter(
        project__owner=actor.person_id, drive__closed_on=None, done_on=None, drive__starts_on__lte=until
    )
    items = []
    for line in own:
        start = max(line.drive.starts_on, line.added_on)
        report = check_in_due(line.last_check_in_on, start, RHYTHM_DAYS[Rhythm(line.drive.rhythm)])
        url = reverse("projects:drive", args=[line.drive.public_id])
        panel = (_("填报"), reverse("projects:drive-line", args=[line.drive.public_id, line.pk, "report"]))
        words = {"project": line.project.name, "drive": line.drive.name, "target": line.target}
        if report <= min(until, line.due_on):
            title = _("督查填报：%(project)s") % words
            items.append(
                DueItem(report, "drive-report", str(line.pk), title, line.drive.name, url, actions=(panel,))
            )
        if line.due_on <= until:
            title = _("督查目标到期：%(project)s") % words
            detail = _("%(target)s · %(drive)s") % words
            items.append(
                DueItem(line.due_on, "drive-target", str(line.pk), title, detail, url, actions=(panel,))
            )
    return items


def _drives_ended(actor: Account, until: date) -> list[DueItem]:
    """Only whoever began a drive is reminded to close it; other managers find it in the list."""
    ended = Drive.objects.filter(created_by=actor, closed_on=None, ends_on__lte=until + timedelta(days=1))
    return [
        DueItem(
            on=last_day(drive),
            kind="drive-close",
            key=str(drive.pk),
            title=_("督查到期，请办结：%(name)s") % {"name": drive.name},
            detail=drive.purpose,
            url=reverse("projects:drive", args=[drive.public_id]),
        )
        for drive in ended.order_by("ends_on", "pk")
        if can_judge_drive(actor, drive)
    ]

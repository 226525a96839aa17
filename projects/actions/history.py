"""Bring in the years before the product: projects with their stages, achievements, shares and timeline, in batches.

A bureau that starts to use the product owns years of spreadsheets; this is the door for them (历史台账导入), and for the
demo data. Every rule that the single actions ask for holds here too; what the database enforces, it enforces anyway.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.history_records import PastAchievement, PastFile, PastProject
from projects.actions.share_rows import share_rows
from projects.models import (
    Achievement,
    Company,
    Contact,
    CreditShare,
    Document,
    FirstReception,
    FollowUp,
    Project,
    ProjectClock,
    ReceptionEnd,
    StageChange,
)
from projects.queries.company_name import companies_by_any_name
from projects.queries.conflict import same_in_history
from projects.queries.protection import SIGNED, rule_on
from projects.shares import by_role
from projects.workflow import ORDER, Status, stage_of_milestone
from promotion.action import action, record
from promotion.errors import NotAllowed, Refused
from staff.models import Account

BATCH = 1000


@action("history.import", gettext_lazy("导入历史台账"))
def import_history(
    *,
    actor: Account,
    projects: Sequence[PastProject],
    achievements: Sequence[PastAchievement] = (),
    report: Callable[[str, int], None] | None = None,
) -> list[Project]:
    """Write past projects, and achievements that belong to a person alone, in a few statements per table.

    Raises NotAllowed for anybody but an administrator, and Refused naming the first project whose shares, stages or
    recognitions break a rule; then nothing is written.
    """
    if not access.can_import_history(actor):
        raise NotAllowed(_("只有系统管理员可以导入历史台账。"))
    for past in projects:
        _check(past)
    close = same_in_history({past.company.name for past in projects})
    companies = _write_companies(projects)
    written = _write_projects(projects, companies)
    pairs = list(zip(projects, written, strict=True))
    _write_stages(pairs)
    _write_shares(pairs)
    _write_receptions(pairs)
    count = _write_achievements(
        [(a, p) for past, p in pairs for a in past.achievements] + [(a, None) for a in achievements]
    )
    follow_ups = _write_follow_ups(pairs)
    if report is not None:
        report("close_names", len(close))
        report("projects", len(written))
        report("achievements", count)
        report("follow_ups", follow_ups)
    if written:
        record(
            actor=actor,
            verb="history.import",
            target=written[0],
            detail={"projects": len(written), "achievements": count, "close_names": close[:50]},
        )
    return written


def _check(past: PastProject) -> None:
    """The invariants that single actions keep: shares total 100, stages in order, a second person recognised."""
    total = sum((percent for _person, _role, percent in past.shares), Decimal(0))
    if total != 100:
        raise Refused(
            _("项目“%(name)s”的份额合计为 %(total)s%%，应为 100%%。") % {"name": past.name, "total": total}
        )
    stages = [ORDER.index(stage) for stage, _day in past.stages]
    days = [day for _stage, day in past.stages]
    if not stages or stages != list(range(len(stages))) or days != sorted(days):
        raise Refused(_("项目“%(name)s”的阶段必须从线索开始、逐段向前，日期不能倒退。") % {"name": past.name})
    for achievement in past.achievements:
        if achievement.state == "recognised" and achievement.decided_by in (None, achievement.submitted_by):
            raise Refused(_("项目“%(name)s”有一条业绩不是由第二人认定的。") % {"name": past.name})
        stage = stage_of_milestone(achievement.kind)
        if stage is not None and ORDER.index(stage) > stages[-1]:
            raise Refused(_("项目“%(name)s”的里程碑超过了它所在的阶段。") % {"name": past.name})


def _write_companies(projects: Iterable[PastProject]) -> dict[str, Company]:
    """Companies by the name in the register; those that exist already, under whatever name, are used as they are."""
    wanted = {past.company.name: past for past in projects}
    known = companies_by_any_name({name: past.company.credit_code for name, past in wanted.items()})
    new = []
    for name, past in wanted.items():
        if name in known:
            continue
        company = Company(
            name=name,
            country=past.company.country,
            region=past.company.region,
            credit_code=past.company.credit_code,
            english_name=past.company.english_name,
            created_by=past.created_by,
            created_at=_moment(past.stages[0][1]),
            is_demo=past.company.is_demo,
        )
        company.fill_search_columns()
        new.append(company)
    known |= {company.name: company for company in Company.objects.bulk_create(new, batch_size=BATCH)}
    contacts = [
        Contact(
            company=known[name],
            name=past.company.contact[0],
            title=past.company.contact[1],
            phone=past.company.contact[2],
        )
        for name, past in wanted.items()
        if past.company.contact and known[name] in new
    ]
    Contact.objects.bulk_create(contacts, batch_size=BATCH)
    return known


def _write_projects(projects: Sequence[PastProject], companies: dict[str, Company]) -> list[Project]:
    numbers: dict[int, int] = defaultdict(int)
    rows = []
    for past in projects:
        year = past.stages[0][1].year
        if year not in numbers:
            numbers[year] = _last_number(year)
        numbers[year] += 1
        rows.append(_project(past, companies[past.company.name], f"XM-{year}-{numbers[year]:04}"))
    written = Project.objects.bulk_create(rows, batch_size=BATCH)
    _write_clocks(written)
    return written


def _write_clocks(projects: Sequence[Project]) -> None:
    """No lead clock runs for what was there before the product; its report counts from the last progress."""
    ProjectClock.objects.bulk_create(
        (
            ProjectClock(
                project=project,
                report_from=project.progressed_on,
                paused_on=None if project.status == Status.ACTIVE else project.progressed_on,
            )
            for project in projects
        ),
        batch_size=BATCH,
    )


def _project(past: PastProject, company: Company, code: str) -> Project:
    last_stage, since = past.stages[-1]
    project = Project(
        code=code,
        name=past.name,
        company=company,
        stage=last_stage,
        stage_since=since,
        status=past.status,
        status_reason=past.status_reason,
        channel=past.channel,
        channel_note=past.channel_note,
        industry=past.industry,
        capital_source=past.capital_source,
        project_class=past.project_class,
        park=past.park,
        planned_investment=past.planned_investment,
        admission_note=past.admission_note,
        summary=past.summary,
        owner=past.owner,
        team=past.team,
        next_step=past.next_step,
        next_step_on=past.next_step_on,
        reported_on=past.stages[0][1],
        progressed_on=max([since, *(timezone.localdate(f.happened_at) for f in past.follow_ups)]),
        created_by=past.created_by,
        created_at=_moment(past.stages[0][1]),
        is_demo=past.is_demo,
    )
    project.fill_search_columns()
    return project


def _last_number(year: int) -> int:
    """The highest project number of the year; the same lock as for single leads keeps numbers unique."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"project-code:{year}"])
    codes = Project.objects.filter(code__startswith=f"XM-{year}-")
    # By length first, because the number may outgrow its four digits.
    last = codes.order_by(Length("code").desc(), "-code").values_list("code", flat=True).first()
    return int(last.rsplit("-", 1)[1]) if last else 0


def _write_stages(pairs: Iterable[tuple[PastProject, Project]]) -> None:
    rows = []
    for past, project in pairs:
        before = ""
        for stage, day in past.stages:
            rows.append(
                StageChange(
                    project=project,
                    from_stage=before,
                    to_stage=stage,
                    happened_on=day,
                    changed_by=past.created_by,
                    changed_at=_moment(day),
                )
            )
            before = stage
    StageChange.objects.bulk_create(rows, batch_size=BATCH)


def _write_shares(pairs: Iterable[tuple[PastProject, Project]]) -> None:
    CreditShare.objects.bulk_create(
        (
            row
            for past, project in pairs
            for row in share_rows(project, *by_role(past.shares), project.reported_on)
        ),
        batch_size=BATCH,
    )


def _write_receptions(pairs: Iterable[tuple[PastProject, Project]]) -> None:
    """The first project of each company is its first reception, unless somebody holds one already.

    What was over before the import and never signed has lapsed; nobody is told of it.
    """
    pairs = list(pairs)
    today = timezone.localdate()
    period = timedelta(days=rule_on(today).initial_days)
    held = set(FirstReception.objects.filter(released_at=None).values_list("company_id", flat=True))
    signed = {
        (project.company_id, project.team_id)
        for _past, project in pairs
        if project.status == Status.ACTIVE and project.stage in SIGNED
    }
    rows = []
    for past, project in sorted(pairs, key=lambda pair: pair[1].reported_on):
        if project.company_id in held:
            continue
        held.add(project.company_id)
        until = max(project.reported_on, project.progressed_on) + period
        over = until < today and (project.company_id, project.team_id) not in signed
        rows.append(
            FirstReception(
                company_id=project.company_id,
                person=past.owner,
                team=past.team,
                claimed_at=_moment(project.reported_on),
                protected_until=until,
                released_at=_moment(until + timedelta(days=1)) if over else None,
                ending=ReceptionEnd.LAPSED if over else "",
            )
        )
    FirstReception.objects.bulk_create(rows, batch_size=BATCH)


def _write_achievements(pairs: Sequence[tuple[PastAchievement, Project | None]]) -> int:
    rows = [_achievement(past, project) for past, project in pairs]
    Achievement.objects.bulk_create(rows, batch_size=BATCH)
    documents = [
        _document(file, achievement, past)
        for (past, _project_of), achievement in zip(pairs, rows, strict=True)
        for file in past.evidence
    ]
    Document.objects.bulk_create(documents, batch_size=BATCH)
    return len(rows)


def _achievement(past: PastAchievement, project: Project | None) -> Achievement:
    rate = past.exchange_rate or Decimal(1)
    recognised = past.state == "recognised"
    decided = past.decided_on or past.happened_on
    whole = past.recognised_amount if past.recognised_amount is not None else past.amount
    return Achievement(
        project=project,
        person=past.person,
        kind=past.kind,
        title=past.title,
        level=past.level,
        incident_reason=past.incident_reason,
        happened_on=past.happened_on,
        amount=past.amount,
        currency=past.currency,
        exchange_rate=past.exchange_rate,
        rate_on=past.happened_on if past.exchange_rate else None,
        amount_cny=_in_cny(past.amount, rate),
        certificate=past.certificate,
        state=past.state,
        submitted_by=past.submitted_by,
        submitted_at=_moment(past.happened_on, hour=16),
        decided_by=past.decided_by if past.state != "submitted" else None,
        decided_at=_moment(decided, hour=17) if past.state != "submitted" else None,
        decision_note=past.decision_note,
        recognised_amount=whole if recognised else None,
        recognised_cny=_in_cny(whole, rate) if recognised else None,
        people=past.people,
        recognised_people=(past.recognised_people or past.people) if recognised else None,
        recognised_on=decided if recognised else None,
    )


def _document(file: PastFile, achievement: Achievement, past: PastAchievement) -> Document:
    digest = hashlib.sha256(file.content).hexdigest()
    name = default_storage.save(
        f"documents/{past.happened_on:%Y/%m}/{digest[:24]}.pdf", ContentFile(file.content)
    )
    return Document(
        achievement=achievement,
        project_id=achievement.project_id,
        title=file.title,
        file=name,
        document_type=file.document_type,
        content_type=file.content_type,
        size=len(file.content),
        digest=digest,
        uploaded_by=past.submitted_by,
        uploaded_at=achievement.submitted_at,
    )


def _write_follow_ups(pairs: Iterable[tuple[PastProject, Project]]) -> int:
    rows: list[Any] = [
        FollowUp(
            project=project,
            kind=entry.kind,
            happened_at=entry.happened_at,
            text=entry.text,
            written_by=entry.written_by,
            written_at=entry.happened_at,
        )
        for past, project in pairs
        for entry in past.follow_ups
    ]
    FollowUp.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _in_cny(amount: Decimal | None, rate: Decimal) -> Decimal | None:
    return None if amount is None else (amount * rate).quantize(Decimal("0.01"))


def _moment(day: date, hour: int = 10) -> datetime:
    """A working hour of the day, in the time zone of the house."""
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))  # noqa: DTZ001 made aware here

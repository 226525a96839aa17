"""Logging a lead: one step gives the company, the project, its code, the first reception and the shares of the credit."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import can_log_leads, companies_visible_to
from projects.actions.clock_facts import lead_reported
from projects.actions.plan_tasks import enter_stage
from projects.actions.reception_rows import refuse_taken, take_reception, wait_for
from projects.actions.share_rows import share_rows
from projects.actions.step_course import first_step
from projects.credit_code import checked
from projects.models import (
    CapitalSource,
    Channel,
    Company,
    CreditRole,
    CreditShare,
    Industry,
    Project,
    StageChange,
)
from projects.name_core import core_of, place_and_rest
from projects.queries.company import nearest_name
from projects.queries.company_name import companies_called, company_of_code
from projects.shares import WHOLE
from projects.workflow import Stage, Status
from promotion.action import action, record
from promotion.chinese import fold, pinyin
from promotion.errors import Conflict, NotAllowed, Refused
from staff.access import in_force, teams_led_by
from staff.models import Account, Appointment, Person, Role, Team

# How the credit of a new project is shared until its team settles it otherwise (assumption: the practice case names the
# three parts but no figures). All three go to the one who logged the lead.
DEFAULT_SHARES = ((CreditRole.CAPTURE, 30), (CreditRole.INTRODUCTION, 50), (CreditRole.LANDING, 20))


@action("lead.log", gettext_lazy("记线索"))
def log_lead(
    *,
    actor: Account,
    name: str,
    company_name: str = "",
    company: Company | None = None,
    channel: str,
    planned_investment: Decimal | None = None,
    next_step: str = "",
    next_step_on: date | None = None,
    credit_code: str = "",
    industry: str = "",
    capital_source: str = CapitalSource.DOMESTIC,
    on: date | None = None,
    country: str = "中国",
    channel_note: str = "",
    owner: Person | None = None,
    distinct_reason: str = "",
) -> Project:
    """Write a lead (线索) for a new or known company and claim its first reception; `planned_investment` in 元.

    The owner is the actor's person or the `owner` named, in the team of that day. Raises NotAllowed, Refused for wrong input,
    Conflict when another team holds the company, without `distinct_reason` also under another form of its name.
    """
    if not can_log_leads(actor):
        raise NotAllowed(_("您的角色不能记线索；请交给招商专员或队长录入。"))
    day = on or timezone.localdate()
    person = _owner(actor, owner)
    team = _team_of(person, day)
    _check(name=name, company=company, company_name=company_name, channel=channel, industry=industry)
    _check_figures(capital_source, planned_investment, next_step_on, day)
    typed = Entry(company_name.strip(), checked(credit_code), country.strip() or "中国", distinct_reason)
    client, distinct = _company(actor, company, typed, team)
    take_reception(client, person, team, day)
    _refuse_second(client, name)
    project = Project(
        name=name.strip(),
        company=client,
        channel=channel,
        channel_note=channel_note.strip(),
        industry=industry,
        capital_source=capital_source,
        planned_investment=planned_investment,
        next_step=next_step.strip(),
        next_step_on=next_step_on,
    )
    _write(project, actor, person, team, day)
    distinct |= {"code": project.code, "company": client.name}
    record(actor=actor, verb="lead.log", target=project, detail=distinct)
    return project


def _write(project: Project, actor: Account, person: Person, team: Team, day: date) -> None:
    """Store the lead at the first stage with its code, its first stage change and the default shares."""
    project.code = _allot_code(day.year)
    project.stage, project.stage_since, project.reported_on, project.progressed_on = Stage.LEAD, day, day, day
    project.owner, project.team, project.created_by = person, team, actor
    project.save()
    lead_reported(project, day)
    first_step(project, actor)
    StageChange.objects.create(project=project, to_stage=Stage.LEAD, happened_on=day, changed_by=actor)
    enter_stage(project, actor, day)
    weights = {str(role): Decimal(percent) for role, percent in DEFAULT_SHARES}
    CreditShare.objects.bulk_create(
        share_rows(project, weights, [(person, role, WHOLE) for role in weights], day)
    )


def _owner(actor: Account, owner: Person | None) -> Person:
    """Whose lead it is. Raises NotAllowed for naming a colleague without being the leader, Refused when nobody is named."""
    if owner is None or owner.pk == actor.person_id:
        if actor.person is None:
            raise Refused(
                _("这个账号没有对应的人员，不知道线索归谁；请指定服务专员（工号）。"),
                fields={"owner": _("请指定服务专员。")},
            )
        return actor.person
    if actor.is_role(Role.MANAGER, Role.API_CLIENT):
        return owner
    if owner.appointments.filter(in_force(), team__in=teams_led_by(actor).values("pk")).exists():
        return owner
    raise NotAllowed(_("只有队长能替本队队员记线索；请改由 %(name)s 本人录入。") % {"name": owner.name})


def _team_of(person: Person, day: date) -> Team:
    appointment = Appointment.objects.filter(in_force(day), person=person).select_related("team").first()
    if appointment is None:
        raise Refused(
            _(
                "%(name)s 在 %(day)s 没有任职，不知道线索归哪个团队。请由在任的招商专员记这条线索，或先请人事登记任职。"
            )
            % {"name": person.name, "day": day.isoformat()}
        )
    return appointment.team


def _check(*, name: str, company: Company | None, company_name: str, channel: str, industry: str) -> None:
    """Refuse a lead whose names or choices are missing or unknown, all of them at once."""
    fields = {}
    if not name.strip():
        fields["name"] = _("请填写项目名称。")
    elif len(name.strip()) > 120:
        fields["name"] = _("项目名称最多 120 个字。")
    if company is None and len(fold(company_name)) < 2:
        fields["company_name"] = _("请填写企业名称（至少两个字）。")
    elif company is None and len(company_name.strip()) > 120:
        fields["company_name"] = _("企业名称最多 120 个字。")
    if channel not in Channel.values:
        fields["channel"] = _("请选择来源渠道。")
    if industry and industry not in Industry.values:
        fields["industry"] = _("没有这个产业；请从列表中选择。")
    if fields:
        raise Refused(_("线索没有保存：%(what)s") % {"what": "".join(fields.values())}, fields=fields)


def _check_figures(source: str, planned: Decimal | None, next_step_on: date | None, day: date) -> None:
    if source not in CapitalSource.values:
        raise Refused(
            _("没有这种资金来源；请从列表中选择。"), fields={"capital_source": _("请从列表中选择。")}
        )
    if planned is not None and planned < 0:
        raise Refused(_("投资额不能是负数。"), fields={"planned_investment": _("投资额不能是负数。")})
    if day > timezone.localdate():
        raise Refused(_("首报日期不能晚于今天。"), fields={"on": _("首报日期不能晚于今天。")})
    if next_step_on is not None and next_step_on < day:
        raise Refused(
            _("下一步的日期不能早于首报日期；请改为今天或以后。"),
            fields={"next_step_on": _("日期已过，请改为今天或以后。")},
        )


@dataclass(frozen=True)
class Entry:
    """A company as it was typed, and why it is another one than the one it looks like."""

    name: str
    code: str
    country: str
    distinct_reason: str


def _company(
    actor: Account, company: Company | None, typed: Entry, team: Team
) -> tuple[Company, dict[str, str]]:
    """The company of the lead, locked: the one given, else by code, else by exactly its own or another name, else a new one.

    One that was merged while the form was open stands for the company that was kept. Entries of one name or one code wait for each other, so that two at once do not write the company twice.
    """
    name, code = typed.name, typed.code
    if company is None:
        wait_for(f"company-name:{place_and_rest(core_of(name))[1]}")
        if code:
            wait_for(f"company-code:{code}")
    if company is not None:
        found: Company | None = company
    else:
        found = company_of_code(code) or next(iter(companies_called(name)), None)
    found = lock_living(found) if found is not None else None
    if found is None:
        distinct = refuse_taken(
            name=name,
            credit_code=code,
            team=team,
            distinct_reason=typed.distinct_reason,
            field="company_name",
        )
        return Company.objects.create(
            name=name, credit_code=code, country=typed.country, created_by=actor
        ), distinct
    if name and nearest_name(name, found)[0] is None:
        seen = companies_visible_to(actor).filter(pk=found.pk).exists()
        known = _("“%(name)s”") % {"name": found.name} if seen else _("另一家企业")
        sentence = _("这个统一社会信用代码已登记为%(known)s；请核对企业名称和代码。") % {"known": known}
        raise Refused(sentence, fields={"credit_code": sentence})
    return _with_code(found, code), {}


def lock_living(company: Company) -> Company:
    """The company, locked, or the one that it was merged into while nobody held it."""
    found = Company.objects.select_for_update().get(pk=company.pk)
    return found if found.merged_into is None else lock_living(found.merged_into)


def _with_code(found: Company, code: str) -> Company:
    """Keep a code that a known company lacks; raises Refused when it has another one."""
    if code and not found.credit_code:
        found.credit_code, found.version = code, found.version + 1
        found.save(update_fields=["credit_code", "version", "grams"])
    elif code and found.credit_code != code:
        sentence = _("这家企业已登记另一个统一社会信用代码；请核对名称和代码，或在企业页面更正。")
        raise Refused(sentence, fields={"credit_code": sentence})
    return found


def _refuse_second(company: Company, name: str) -> None:
    """One lead pressed twice is one lead."""
    same = Project.objects.filter(company=company, pinyin=pinyin(name)).exclude(status=Status.LOST)
    if any(fold(row.name) == fold(name) for row in same):
        raise Conflict(
            _("这家企业已有同名项目，没有重复记录；请在已有项目上写跟进，或给新项目另起一个名字。"),
            fields={"name": _("已有同名项目。")},
        )


def _allot_code(year: int) -> str:
    """The next code of the year, XM-2026-0001; leads of one year wait for each other here until they are written."""
    wait_for(f"project-code:{year}")
    codes = Project.objects.filter(code__startswith=f"XM-{year}-").order_by(Length("code").desc(), "-code")
    last = codes.values_list("code", flat=True).first()
    return f"XM-{year}-{int(last.rsplit('-', 1)[1]) + 1 if last else 1:04}"

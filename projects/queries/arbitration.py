"""Cases over first receptions: what their pages show, what follows from a decision, what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import companies_visible_to
from projects.access.protection import arbitrations_visible_to
from projects.models import (
    Arbitration,
    ArbitrationOutcome,
    ArbitrationPaper,
    ArbitrationState,
    ArbitrationStatement,
    Party,
    Project,
)
from projects.workflow import Status
from promotion.errors import NotFound
from promotion.web.formats import exact
from staff.access import teams_led_by
from staff.models import Account, Role
from staff.queries.due_item import DueItem


def arbitrations_listed(actor: Account) -> QuerySet[Arbitration]:
    """The cases that the actor sees, with what a list shows."""
    return arbitrations_visible_to(actor).select_related(
        "reception__company", "claimant", "claimant_team", "respondent", "respondent_team", "decided_by"
    )


def visible_arbitration(actor: Account, public_id: str) -> Arbitration:
    """One case. Raises NotFound when it is not the actor's to see."""
    case = (
        arbitrations_listed(actor)
        .select_related("opened_by", "resulting__person", "resulting__team")
        .filter(public_id=public_id)
        .first()
    )
    if case is None:
        raise NotFound(_("没有这件仲裁，或您不是当事方。"))
    return case


def company_is_named_to(actor: Account, case: Arbitration) -> bool:
    """Managers and auditors read the name, the holder's side knows it; the claimant when the company is visible."""
    return companies_visible_to(actor).filter(pk=case.reception.company_id).exists()


def consequence_of(case: Arbitration) -> str:
    """What is to be done after a decision, in words: projects move by a handover only, credit that was earned stays."""
    if case.outcome == ArbitrationOutcome.KEPT or not case.outcome:
        return _("首接人不变，项目与份额不变。")
    projects = Project.objects.filter(
        company=case.reception.company_id, team=case.respondent_team, status=Status.ACTIVE
    )
    names = "、".join(f"{project.name}（{project.code}）" for project in projects.order_by("pk")[:6])
    if case.outcome == ArbitrationOutcome.SHARED:
        text = _(
            "首接人不变；今后的业绩建议申请方占 %(percent)s%%，请责任团队队长在项目的“份额”页核定。已认定的业绩不变。"
        ) % {"percent": exact(case.claimant_percent, 2)}
        return text + (_("涉及项目：%(names)s。") % {"names": names} if names else "")
    if not names:
        return _("首报首接转移给申请方；没有在办项目需要移交。已认定的业绩不变。")
    return _(
        "首报首接转移给申请方；项目 %(names)s 仍由原团队负责，如需移交，请分管领导在项目页办理移交。已认定的业绩和份额不变。"
    ) % {"names": names}


def statements_due(actor: Account, until: date) -> list[DueItem]:
    """Statements that the actor's side still owes; for managers the cases whose time for statements is over."""
    open_ones = arbitrations_visible_to(actor).filter(state=ArbitrationState.OPEN, statements_due__lte=until)
    if actor.is_role(Role.MANAGER):
        rows = open_ones.filter(statements_due__lt=timezone.localdate()).exclude(opened_by=actor)
        title = _("裁决首报仲裁")
    else:
        rows, title = open_ones.filter(_owed_by(actor)), _("提交仲裁陈述")
    return [
        DueItem(
            on=case.statements_due,
            kind="arbitration",
            key=str(case.pk),
            title=title,
            detail=case.label,
            url=reverse("projects:arbitration", args=[case.public_id]),
        )
        for case in rows.order_by("statements_due", "pk")
    ]


def _owed_by(actor: Account) -> Q:
    led = teams_led_by(actor).values("pk")
    said = ArbitrationStatement.objects.filter(arbitration=OuterRef("pk"))
    claimant = Q(claimant=actor.person_id) | Q(claimant_team__in=led)
    respondent = Q(respondent=actor.person_id) | Q(respondent_team__in=led)
    return (claimant & ~Exists(said.filter(party=Party.CLAIMANT))) | (
        respondent & ~Exists(said.filter(party=Party.RESPONDENT))
    )


@dataclass(frozen=True)
class Side:
    """One party of a case as its page shows it."""

    party: Party
    person: Any
    team: Any
    statement: ArbitrationStatement | None
    papers: list[ArbitrationPaper]
    mine: bool

    @property
    def label(self) -> Any:
        return self.party.label


def sides_of(case: Arbitration, mine: Sequence[str]) -> list[Side]:
    """Both parties with what they said and brought; two queries."""
    statements = {each.party: each for each in case.statements.select_related("written_by")}
    papers = list(case.papers.all())
    return [
        Side(
            party, person, team, statements.get(party), [p for p in papers if p.party == party], party in mine
        )
        for party, person, team in (
            (Party.CLAIMANT, case.claimant, case.claimant_team),
            (Party.RESPONDENT, case.respondent, case.respondent_team),
        )
    ]

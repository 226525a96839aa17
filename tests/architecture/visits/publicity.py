"""A published result of the officer, and an objection to it with its paper."""

from datetime import timedelta
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.utils import timezone

from kpi.models import ObjectionPaper, Publicity, ScoreObjection, Standing
from projects.models import Project
from staff.models import Account
from tests.factories.kpi import make_run, make_scheme

YEAR = 2024


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    scheme = make_scheme(YEAR)
    run = make_run(scheme, fingerprint="e" * 64)
    standing = Standing.objects.create(
        run=run,
        group="officers",
        person=officer.person,
        subject_name=officer.display_name,
        total=10,
        rank=1,
        group_size=1,
    )
    today = timezone.localdate()
    publicity = Publicity.objects.create(
        year=YEAR,
        run=run,
        state="open",
        opens_on=today,
        closes_on=today + timedelta(days=7),
        drafted_by=scheme.drafted_by,
        announced_by=manager,
    )
    objection = ScoreObjection.objects.create(
        publicity=publicity, standing=standing, text="少计一条", asked="补计", raised_by=officer
    )
    paper = ObjectionPaper.objects.create(
        objection=objection,
        title="合同.pdf",
        file=ContentFile(b"%PDF-1.4 contract", name="contract.pdf"),
        content_type="application/pdf",
        size=17,
        digest="0" * 64,
        uploaded_by=officer,
    )
    answered = SimpleNamespace(public_id=publicity.public_id, pk=standing.pk)
    return {
        "kpi:publicity-*": publicity,
        "kpi:publicity-confirm": answered,
        "kpi:publicity-object": answered,
        "kpi:score-objection*": objection,
        "kpi:objection-paper": paper,
    }

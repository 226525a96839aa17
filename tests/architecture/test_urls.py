"""Every address of the product with what each role gets on a visit: a new address that is not in the table fails.

The table is tests/architecture/urls.txt: the URL's name, then the status of a GET for each role in the order of ROLES.
The records visited belong to `officer` of the first team; `outsider` serves in the second. 405 is an address that only
takes a POST, 302 without an account leads to the sign-in page.
"""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kpi.models import AssessmentYear, Item, Run, SchemeVersion, Standing
from projects.models import Document, Project
from promotion.models import ImportBatch, SavedView
from staff.models import Account, ApiToken, Role, Team
from tests.architecture.visits import all_visits, visit_of
from tests.factories.projects import make_achievement, make_project, make_share
from tests.factories.staff import make_account

TABLE = Path(__file__).with_name("urls.txt")
# What staff without a post are answered where it is not 403: rounds, the own applications, notices and the profile.
OPEN_TO_STAFF = Path(__file__).with_name("urls_staff.txt")
ROLES = ("anonymous", "officer", "outsider", "leader", "manager", "hr", "auditor", "administrator")
# Addresses that are not ours, or that are tested where they live.
OUTSIDE = ("administration/", "api/")

pytestmark = pytest.mark.django_db


def routes(
    patterns: list[URLPattern | URLResolver], space: str = "", route: str = ""
) -> Iterator[tuple[str, list[str]]]:
    """Every URL's name with the names of its arguments."""
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if any(here.startswith(prefix) for prefix in OUTSIDE):
            continue
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, inner, here)
        else:
            yield space + str(pattern.name), list(pattern.pattern.converters)


@pytest.fixture
def cast(
    officer: Account,
    outsider: Account,
    leader: Account,
    manager: Account,
    hr: Account,
    auditor: Account,
    administrator: Account,
) -> dict[str, Account | None]:
    named = (None, officer, outsider, leader, manager, hr, auditor, administrator)
    return dict(zip(ROLES, named, strict=True))


@pytest.fixture
def records(officer: Account, hr: Account, manager: Account, first_team: Team) -> dict[str, object]:
    """One record of each kind, by the prefix of the URL name that visits it."""
    project = make_project(officer)
    assert officer.person is not None
    make_share(project, officer.person)
    achievement = make_achievement(project, officer)
    document = Document.objects.create(
        project=project,
        achievement=achievement,
        title="协议.pdf",
        file=ContentFile(b"%PDF-1.4 evidence", name="agreement.pdf"),
        content_type="application/pdf",
        size=17,
        digest="0" * 64,
        uploaded_by=officer,
    )
    batch = ImportBatch.objects.create(kind="roster", file_name="名册.xlsx", created_by=hr)
    view = SavedView.objects.create(owner=officer, name="我的", url_name="projects:list")
    token = ApiToken.objects.create(
        account=officer, name="对接", prefix="abc", key_hash="1" * 64, scopes=["projects:read"]
    )
    appointment = officer.person.appointments.get()
    return {
        "project": project,
        "achievement": achievement,
        "document": document,
        "batch": batch,
        "view": view,
        "token": token,
        "appointment": appointment,
        "visits": all_visits(project, officer, manager),
        **assessed(officer, hr, manager),
    }


def assessed(officer: Account, hr: Account, manager: Account) -> dict[str, object]:
    """A whole run with one standing of the officer."""
    scheme = SchemeVersion.objects.create(
        year=2026,
        number=1,
        title="细则",
        text=(Path(__file__).parents[2] / "kpi" / "schemes" / "high-tech-zone-2026.yaml").read_text("utf-8"),
        holds_from="2026-01-01",
        drafted_by=hr,
        published_by=manager,
        state="published",
        fingerprint="f" * 64,
    )
    run = Run.objects.create(
        year=2026, number=1, as_of="2026-11-01", scheme=scheme, state="done", fingerprint="f" * 64
    )
    AssessmentYear.objects.create(year=2026, current_run=run)
    standing = Standing.objects.create(
        run=run,
        group="officers",
        person=officer.person,
        subject_name=officer.display_name,
        total=10,
        rank=1,
        group_size=1,
    )
    item = Item.objects.create(
        standing=standing,
        position=1,
        indicator="signing",
        title="重大项目签约备案",
        status="scored",
        points=10,
    )
    group = SimpleNamespace(public_id=run.public_id, group=standing.group)
    return {"scheme": scheme, "run": run, "standing": standing, "item": item, "group": group}


def argument(name: str, parameter: str, records: dict[str, object], officer: Account) -> object:
    """What an address is visited with: the record that its name speaks of."""
    visits = records["visits"]
    assert isinstance(visits, dict)
    visited_record = visit_of(name, visits)
    if visited_record is not None:
        return getattr(visited_record, parameter, None) or getattr(visited_record, "pk", visited_record)
    if parameter == "verb":
        return "suspend"
    own = {
        "projects:company": "company", "projects:company-edit": "company", "projects:contact-add": "company",
        "staff:team": "team", "kpi:team-score": "team", "kpi:person-score": "person",
    }  # fmt: skip
    project = records["project"]
    assert isinstance(project, Project)
    assert officer.person is not None
    if name in own:
        return {"company": project.company, "team": project.team, "person": officer.person}[
            own[name]
        ].public_id
    by_start = (
        ("projects:achievement-new", project), ("projects:achievement-attach", records["achievement"]),
        ("projects:achievement", records["achievement"]), ("projects:recognition", records["achievement"]),
        ("projects:document", records["document"]), ("staff:roster", records["batch"]), ("view-", records["view"]),
        ("staff:token", records["token"]), ("profile-token", records["token"]),
        ("staff:appointment", records["appointment"]), ("staff:account", officer), ("staff:person", officer.person),
        ("kpi:statements", records["group"]), ("kpi:statement", records["standing"]), ("kpi:uncounted", records["standing"]),
        ("kpi:standing", records["standing"]), ("kpi:item", records["item"]), ("kpi:run", records["run"]),
        ("kpi:scheme", records["scheme"]), ("kpi:target", records["batch"]), ("projects:", project), ("kpi:project", project),
    )  # fmt: skip
    record = next(found for start, found in by_start if name.startswith(start))
    return getattr(record, parameter) if hasattr(record, parameter) else record.pk  # type: ignore[attr-defined]


def visited(cast: dict[str, Account | None], records: dict[str, object]) -> list[str]:
    officer = cast["officer"]
    assert officer is not None
    rows = []
    for name, parameters in sorted(routes(get_resolver().url_patterns)):
        url = reverse(name, kwargs={p: argument(name, p, records, officer) for p in parameters})
        statuses = []
        for account in cast.values():
            client = Client(raise_request_exception=False)
            if account is not None:
                client.force_login(account)
            statuses.append(str(client.get(url).status_code))
        rows.append(" ".join([name, *statuses]))
    return rows


def opened_by_staff(cast: dict[str, Account | None], records: dict[str, object]) -> list[str]:
    """The addresses that an account of the staff without a post is not refused, with the status."""
    officer = cast["officer"]
    assert officer is not None
    client = Client(raise_request_exception=False)
    client.force_login(make_account(Role.STAFF))
    rows = []
    for name, parameters in sorted(routes(get_resolver().url_patterns)):
        url = reverse(name, kwargs={p: argument(name, p, records, officer) for p in parameters})
        status = client.get(url).status_code
        if status != 403:
            rows.append(f"{name} {status}")
    return rows


def test_every_address_answers_each_role_as_the_table_says(
    cast: dict[str, Account | None], records: dict[str, object]
) -> None:
    expected = [" ".join(line.split()) for line in TABLE.read_text("utf-8").splitlines()[1:] if line.strip()]

    found = visited(cast, records)

    assert found == expected
    assert opened_by_staff(cast, records) == OPEN_TO_STAFF.read_text("utf-8").splitlines()
    assert {row.split()[0] for row in found if row.split()[1] == "200"} == {
        "answer",
        "health",
        "invitation",
        "sign-in",
    }

"""A zone of any size in an empty database, written with COPY and without triggers: only for benchmarks.

Rows go straight into the tables because the doors of the product are not what is measured here.
"""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import IO, Any

from django.db import connection
from django.db.models import Max, Model
from django.utils import timezone

from projects.geography import PROVINCES
from projects.models import Achievement, Company, CreditShare, FollowUp, Project, StageChange
from projects.models.achievement_tally import FILL_ACHIEVEMENT_TALLY
from projects.models.sight import WRITE_SIGHT
from projects.models.tally import FILL_TALLY
from projects.workflow import ORDER
from promotion.chinese import grams, initials, pinyin
from staff.models import Account, Appointment, Grade, Person, Role, Team, TeamKind

PEOPLE = 200
TEAMS = 12
WORDS = "储能 电池 封装 功率 衬底 医药 影像 试剂 汽车 底盘 雷达 装配 机器人 减速器 碳纤维 树脂 合金 检测 总部 数据".split()
INDUSTRIES = "new_energy integrated_circuits biomedicine smart_vehicles equipment materials services".split()
CHANNELS = "stationed entrusted advisor online investor_referral industry_chain fund chamber event".split()


def fill(projects: int, receipts: int = 0) -> dict[str, Account]:
    """Teams, people, and so many projects with companies, shares, achievements, moves and follow-ups.

    `receipts` is how many amounts each project received besides, for a year with many facts.

    Gives one account per role: the officer owns about 1/200 of the projects, the leader's team about 1/12.
    """
    accounts = _people()
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    _copy(Company, _companies(projects * 2, today))
    _copy(Project, _projects(projects, projects * 2, today))
    _copy(CreditShare, _shares(projects, today))
    _copy(StageChange, _moves(projects, today))
    _copy(Achievement, chain(_achievements(projects, today), _receipts(projects, receipts, today)))
    _copy(FollowUp, _follow_ups(projects, today))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(WRITE_SIGHT.format(which="true"))
        cursor.execute(FILL_TALLY)
        cursor.execute(FILL_ACHIEVEMENT_TALLY)
        # A database that is used has been tidied by itself within a minute: new names are sorted into their indexes, pages known as settled.
        cursor.execute("VACUUM ANALYZE")
    _advance_sequences(Company, Project, CreditShare, StageChange, Achievement, FollowUp)
    return accounts


def _advance_sequences(*models: type[Model]) -> None:
    """Rows were written with numbers of ours; the next one the database gives comes after them."""
    with connection.cursor() as cursor:
        for model in models:
            highest = model._default_manager.aggregate(highest=Max("id"))["highest"]
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, highest]
            )


def _people() -> dict[str, Account]:
    """Two hundred officers in twelve teams; the first of each team leads it."""
    Team.objects.bulk_create(
        Team(
            id=n,
            code=f"T{n}",
            name=f"项目攻坚{n}队",
            pinyin=f"team{n}",
            initials="t",
            kind=TeamKind.TASK_FORCE,
            founded_on=date(2020, 1, 1),
            position=n,
        )
        for n in range(1, TEAMS + 1)
    )
    Person.objects.bulk_create(
        Person(
            id=n,
            staff_number=f"B{n:04}",
            name=f"人员{n}",
            pinyin=f"ry{n}",
            initials="ry",
            joined_on=date(2020, 1, 1),
        )
        for n in range(1, PEOPLE + 1)
    )
    Appointment.objects.bulk_create(
        Appointment(
            person_id=n,
            team_id=(n - 1) % TEAMS + 1,
            grade=Grade.FIRST,
            is_leader=n <= TEAMS,
            starts_on=date(2020, 1, 1),
        )
        for n in range(1, PEOPLE + 1)
    )
    Account.objects.bulk_create(
        Account(
            id=n,
            username=f"b{n}",
            password="!",
            display_name=f"人员{n}",
            person_id=n,
            role=Role.LEADER if n <= TEAMS else Role.OFFICER,
        )
        for n in range(1, PEOPLE + 1)
    )
    _advance_sequences(Team, Person, Account)
    return {
        "leader": Account.objects.get(pk=1),
        "officer": Account.objects.get(pk=TEAMS + 1),
        "manager": Account.objects.create(username="m", password="!", display_name="经理", role=Role.MANAGER),
        "administrator": Account.objects.create(
            username="a", password="!", display_name="管理员", role=Role.ADMINISTRATOR
        ),
        "hr": Account.objects.create(username="h", password="!", display_name="人事", role=Role.HR),
    }


def _copy(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """COPY dictionaries of one shape into the model's table; what a row does not name gets the model's default, text none."""
    rows = iter(rows)
    first = next(rows)
    fields = [f for f in model._meta.concrete_fields if f.column in first or f.has_default() or not f.null]
    fields = [f for f in fields if not f.primary_key or f.column in first]
    names = ", ".join(f'"{f.column}"' for f in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy,
    ):
        for row in _chain(first, rows):
            copy.write_row([row[f.column] if f.column in row else f.get_default() for f in fields])


def _chain(first: dict[str, Any], rest: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    yield first
    yield from rest


def _named(name: str) -> dict[str, Any]:
    return {"name": name, "pinyin": pinyin(name), "initials": initials(name), "grams": grams(name)}


def _company_name(n: int) -> str:
    return f"基准{WORDS[n % 20]}{WORDS[n // 20 % 20]}第{n}公司"


def _company_names(n: int) -> dict[str, Any]:
    """The names of a company as its projects repeat them; the trigger that does it sleeps during COPY."""
    own = _named(_company_name(n))
    return {f"company_{key}": own[key] for key in ("pinyin", "initials", "grams")} | {"company_readings": ""}


def _companies(count: int, today: date) -> Iterable[dict[str, Any]]:
    moment = timezone.now()
    for n in range(1, count + 1):
        name = _company_name(n)
        yield {
            "id": n, **_named(name), "english_name": "", "credit_code": "", "country": "中国", "region": "", "website": "",
            "home": PROVINCES[n % len(PROVINCES)],
            "created_by_id": n % PEOPLE + 1, "created_at": moment, "version": 1, "is_demo": True,
        }  # fmt: skip


def _stage_of(n: int) -> int:
    """The place in the pipeline: many leads, fewer at each later stage."""
    return (0, 0, 0, 1, 1, 2, 3, 4, 5, 5, 6, 7)[n % 12]


def _person_of(n: int) -> int:
    return n * 7 % PEOPLE + 1


def _projects(count: int, companies: int, today: date) -> Iterable[dict[str, Any]]:
    moment = timezone.now()
    for n in range(1, count + 1):
        person = _person_of(n)
        name = f"{WORDS[n % 20]}{WORDS[n * 3 % 20]}项目{n}"
        yield {
            "id": n, **_named(name), "code": f"XM-2026-{n:06}", "company_id": n % companies + 1,
            "stage": ORDER[_stage_of(n)].value, "stage_since": today - timedelta(n % 200),
            "status": "active" if n % 10 else "suspended", "status_reason": "", "channel": CHANNELS[n % 9],
            "channel_note": "", "industry": INDUSTRIES[n % 7], "capital_source": "foreign" if n % 8 == 0 else "domestic",
            "project_class": "ordinary", "park": "main", "planned_investment": (n % 500 + 1) * 10_000_000,
            "admission_note": "", "summary": "", "owner_id": person, "team_id": (person - 1) % TEAMS + 1,
            "next_step": "回访" if n % 9 else "", "next_step_on": today + timedelta(n % 40 - 10) if n % 9 else None,
            **_company_names(n % companies + 1), "reported_on": date(today.year, 1, 1), "progressed_on": today - timedelta(n % 120), "created_by_id": person,
            "created_at": moment, "changed_at": moment, "version": 1, "is_demo": True, "verified_on": today - timedelta(n % 120),
        }  # fmt: skip


def _shares(count: int, today: date) -> Iterable[dict[str, Any]]:
    number = 0
    for n in range(1, count + 1):
        for role, percent, shift in (("capture", 30, 3), ("introduction", 50, 0), ("landing", 20, 5)):
            number += 1
            yield {
                "id": number, "project_id": n, "person_id": (_person_of(n) + shift - 1) % PEOPLE + 1, "role": role,
                "settlement": 1, "weight": percent, "share": 100, "percent": percent, "holds_from": date(today.year, 1, 1), "holds_until": None,
            }  # fmt: skip


def _moves(count: int, today: date) -> Iterable[dict[str, Any]]:
    number, moment = 0, timezone.now()
    for n in range(1, count + 1):
        for place in range(_stage_of(n) + 1):
            number += 1
            yield {
                "id": number, "project_id": n, "from_stage": ORDER[place - 1].value if place else "",
                "to_stage": ORDER[place].value, "happened_on": date(today.year, 1, 1) + timedelta(place * 25),
                "changed_by_id": _person_of(n), "changed_at": moment, "note": "", "stayed": 25 if place else None,
            }  # fmt: skip


def _achievements(count: int, today: date) -> Iterable[dict[str, Any]]:
    """A milestone for every stage reached from 签约 on, and a receipt in USD for foreign projects."""
    number, manager, moment = 0, PEOPLE + 1, timezone.now()
    for n in range(1, count + 1):
        kinds = [stage.value for stage in ORDER[3 : _stage_of(n) + 1]]
        for kind in [*kinds, *(["paid_in"] if n % 8 == 0 and kinds else [])]:
            number += 1
            usd = kind == "paid_in"
            worth = (n % 500 + 1) * 1_000_000
            yield {
                "id": number, "public_id": f"a{number}", "kind": kind, "project_id": n, "person_id": None, "title": "",
                "level": "", "incident_reason": "", "happened_on": date(today.year, 1, 1) + timedelta(number % 300),
                "amount": worth, "currency": "USD" if usd else "CNY", "exchange_rate": 7 if usd else None,
                "rate_on": today if usd else None, "amount_cny": worth * 7 if usd else worth, "certificate": "",
                "state": "recognised", "submitted_by_id": _person_of(n), "submitted_at": moment, "decided_by_id": manager,
                "decided_at": moment, "decision_note": "", "recognised_amount": worth,
                "recognised_cny": worth * 7 if usd else worth, "recognised_on": today, "reversed_on": None,
                "version": 1, "changed_at": moment,
            }  # fmt: skip


def _receipts(count: int, each: int, today: date) -> Iterable[dict[str, Any]]:
    """Money received and spent on plant, a few times for every project, all over the year until today."""
    days = (today - date(today.year, 1, 1)).days + 1
    manager, moment, first = PEOPLE + 1, timezone.now(), 2 * count + 1
    for number in range(first, first + count * each):
        n = (number - first) // each + 1
        worth = Decimal(number % 97 * 10_000) + Decimal("0.37")
        yield {
            "id": number, "public_id": f"a{number}", "kind": "fixed_asset" if number % 3 == 0 else "paid_in",
            "project_id": n, "person_id": None, "title": "", "level": "", "incident_reason": "",
            "happened_on": date(today.year, 1, 1) + timedelta(number * 31 % days), "amount": worth, "currency": "CNY",
            "exchange_rate": None, "rate_on": None, "amount_cny": worth, "certificate": "", "state": "recognised",
            "submitted_by_id": _person_of(n), "submitted_at": moment, "decided_by_id": manager, "decided_at": moment,
            "decision_note": "", "recognised_amount": worth, "recognised_cny": worth, "recognised_on": today,
            "reversed_on": None, "version": 1, "changed_at": moment,
        }  # fmt: skip


def _follow_ups(count: int, today: date) -> Iterable[dict[str, Any]]:
    moment = timezone.now()
    for n in range(1, count * 10 + 1):
        yield {
            "id": n, "project_id": n % count + 1, "kind": "visit", "happened_at": moment, "text": "走访企业，了解进度。",
            "next_step": "", "next_step_on": None, "written_by_id": n % PEOPLE + 1, "written_at": moment,
        }  # fmt: skip


def floor_table(rows: int) -> None:
    """A plain table of so many rows, to count as the floor of reading."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS benchmark_floor (id bigint, name text, amount numeric(18,2))"
        )
        cursor.execute("TRUNCATE benchmark_floor")
        cursor.execute(
            "INSERT INTO benchmark_floor SELECT n, 'row ' || n, n FROM generate_series(1, %s) AS n", [rows]
        )
        cursor.execute("ANALYZE benchmark_floor")


def copy_floor(table: str) -> tuple[IO[bytes], Sequence[str]]:
    """The rows of a table as COPY gives them, to write back into a table without indexes as the floor of writing."""
    held = tempfile.TemporaryFile()  # noqa: SIM115 - the caller reads it
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
        with cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT (FORMAT binary)") as copy:  # noqa: S608
            for block in copy:
                held.write(block)
    held.seek(0)
    return held, columns

"""Runs, schemes and posted credit for tests."""

import itertools
import os
import subprocess
import sys
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from kpi.actions.ledger import Posting, post_credit
from kpi.models import Run, SchemeVersion
from staff.models import Role
from tests.factories.staff import make_account

_number = itertools.count(1)

SCHEME = """
scheme: test-2026
title: 测试细则
year: 2026
groups:
  officers: {title: 招商专员, subjects: [officer]}
  teams: {title: 攻坚团队, subjects: [task_force, stationed]}
targets:
  signings: {title: 签约任务, unit: 个}
indicators:
  - code: signing
    title: 项目签约
    clause: 第一条
    full_marks: 50
    progress: {of: signed, target: signings}
    measures:
      signed: {title: 签约项目, facts: [signed], aggregate: count, unit: 个, share: points}
    rule: {kind: ratio_times_points, of: signed, target: signings, points: 50}
  - code: incidents
    title: 扣分事项
    clause: 第二条
    floor: -10
    measures:
      events: {title: 扣分次数, facts: [incident], aggregate: count, unit: 次, share: points}
    rule: {kind: points_minus_per_event, points: 0, terms: [{of: events, each: 2}]}
awards:
  - {code: excellence, title: 卓越奖, group: teams, first: 1}
  - code: snail
    title: 蜗牛奖
    group: teams
    last: 1
    warning: true
    if_target_missed: {indicators: [signing], when: any, timing: annual}
"""


def make_scheme(year: int = 2026, text: str = "", **fields: Any) -> SchemeVersion:
    """A published scheme, drafted by one manager and published by another."""
    drafted = fields.pop("drafted_by", None) or make_account(Role.MANAGER)
    published = fields.pop("published_by", None) or make_account(Role.MANAGER)
    return SchemeVersion.objects.create(
        **{
            "year": year,
            "number": next(_number),
            "title": "测试细则",
            "text": (text or SCHEME).replace("2026", str(year)),
            "state": "published",
            "holds_from": date(year, 1, 1),
            "drafted_by": drafted,
            "published_by": published,
            "fingerprint": "0" * 64,
            **fields,
        }
    )


def make_run(scheme: SchemeVersion, **fields: Any) -> Run:
    year = fields.pop("year", scheme.year)
    return Run.objects.create(
        **{
            "year": year,
            "number": next(_number),
            "as_of": date(year, 12, 31),
            "scheme": scheme,
            "state": "done",
            **fields,
        }
    )


def post(run: Run) -> Posting:
    """Post the year of the run."""
    return post_credit(run=run, year=run.year)


def in_another_process(code: str, run: Run) -> "subprocess.Popen[str]":
    """A worker of its own on the database of the test, given the run's number as its argument."""
    database = connection.settings_dict
    place = urlencode(
        {"host": database["HOST"] or database["OPTIONS"].get("host", ""), "port": database["PORT"] or 5432}
    )
    address = f"postgresql://{database['USER']}:{quote(database['PASSWORD'])}@/{database['NAME']}?{place}"
    return subprocess.Popen(
        [sys.executable, "-c", code, str(run.pk)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "promotion.settings.test"},
        stdout=subprocess.PIPE,
        text=True,
    )

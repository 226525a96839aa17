"""Plots, plants, reservations and promises for tests."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import NumericRange
from django.utils import timezone

from projects.models import Plant, Plot, Project, Promise, Reservation
from staff.models import Account

_number = itertools.count(1)
SQUARE = [[0, 0], [200, 0], [200, 200], [0, 200]]


def make_plot(created_by: Account, **fields: Any) -> Plot:
    n = next(_number)
    return Plot.objects.create(
        **{
            "park": "main",
            "number": f"B-{n:02}",
            "area": Decimal(60),
            "power": 8000,
            "corners": SQUARE,
            "created_by": created_by,
            **fields,
        }
    )


def make_plant(created_by: Account, **fields: Any) -> Plant:
    n = next(_number)
    return Plant.objects.create(
        **{
            "park": "qingyang",
            "building": f"{n} 号楼",
            "floor": "1 层",
            "area": Decimal(3000),
            "power": 630,
            "created_by": created_by,
            **fields,
        }
    )


def make_reservation(project: Project, plot: Plot, requested_by: Account, **fields: Any) -> Reservation:
    """The whole plot for ninety days from today, unless told otherwise."""
    today = timezone.localdate()
    area = fields.get("area", plot.area)
    return Reservation.objects.create(
        **{
            "project": project,
            "plot": plot,
            "area": area,
            "extent": NumericRange(Decimal(0), area, "[)"),
            "starts_on": today,
            "ends_on": today + timedelta(90),
            "state": "reserved",
            "requested_by": requested_by,
            **fields,
        }
    )


def make_promise(project: Project, created_by: Account, **fields: Any) -> Promise:
    return Promise.objects.create(
        **{
            "project": project,
            "direction": "company",
            "subject": "start",
            "text": "取得用地后三个月内开工",
            "due_on": date(2027, 3, 1),
            "person": project.owner,
            "created_by": created_by,
            **fields,
        }
    )

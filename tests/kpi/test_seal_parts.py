"""What was said to objections is sealed, in a part of its own that years closed earlier are not asked for."""

import csv
from io import StringIO

import pytest
from django.db import connection

from kpi.actions.publicity_final import finalise_publicity
from kpi.actions.score_objection import decide_score_objection
from kpi.models import ScoreObjection, YearSeal
from kpi.queries.seal import PARTS, chain_faults, content_faults
from staff.models import Account
from tests.factories.closing import make_closed
from tests.factories.publicity import YEAR, assess, object_to, pass_window, publicise

pytestmark = pytest.mark.django_db


@pytest.fixture
def seal(officer: Account, outsider: Account, hr: Account, manager: Account) -> YearSeal:
    assess(officer, outsider, manager=manager)
    public = publicise(hr, manager)
    objection = object_to(public, officer, text="三月的签约，没有计入。")
    decide_score_objection(actor=manager, objection=objection, outcome="rejected", reason="合同日期在次年。")
    finalise_publicity(actor=manager, publicity=pass_window(public))
    return make_closed(hr, manager)


def forge(statement: str) -> None:
    """What somebody does who may write to the database past its triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_the_words_of_objection_decision_and_remedy_are_sealed(seal: YearSeal) -> None:
    part = next(one for one in PARTS if one.code == "answers")
    rows = list(csv.DictReader(StringIO(b"".join(part.content(seal.run)).decode())))
    objection = ScoreObjection.objects.get()
    assert rows == [
        {
            "objection": objection.public_id,
            "indicator": "signing",
            "fact": "",
            "text": "三月的签约，没有计入。",
            "asked": "请补计。",
            "state": "rejected",
            "decision": "合同日期在次年。",
            "remedy_kind": "",
            "remedy": "",
            "remedy_fact": "",
            "remedy_input": "",
        }
    ]
    assert [*chain_faults(), *content_faults(YEAR)] == []
    forge("UPDATE kpi_scoreobjection SET decision = '另一个理由'")
    assert [fault.where for fault in content_faults(YEAR)] == ["answers"]


def test_a_year_sealed_before_there_was_the_part_still_holds(seal: YearSeal) -> None:
    parts = [part for part in seal.parts if part["code"] != "answers"]
    assert len(parts) == len(seal.parts) - 1
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    YearSeal.objects.filter(pk=seal.pk).update(parts=parts)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
    assert list(content_faults(YEAR)) == []

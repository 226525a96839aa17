"""The auditor's bundle: recomputed by a bare Python outside of the project, to the last digit; whatever was tampered with is named."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from kpi import actions
from kpi.actions.bundle import take_bundle
from kpi.exports.bundle import bundle_archive
from kpi.exports.bundle.companions import exact_json
from kpi.exports.bundle.program import program_files
from kpi.models import YearSeal
from kpi.scoring.building import scheme_of
from kpi.scoring.document import parse_scheme
from kpi.scoring.entries import Reading
from kpi.scoring.reading import read
from promotion.errors import NotAllowed, Refused
from promotion.models import AuditEntry
from staff.models import Account, Team
from tests.factories.assessment import House
from tests.factories.closing import YEAR, make_closed, make_year
from tests.kpi.scoring.examples import SCHEMES
from tests.kpi.test_library_in_the_product import FACTS, text_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]


@pytest.fixture
def seal(
    officer: Account, outsider: Account, manager: Account, hr: Account, first_team: Team, second_team: Team
) -> YearSeal:
    make_year(officer, outsider, manager, (first_team, second_team))
    return make_closed(hr, manager)


def unpacked(seal: YearSeal, folder: Path) -> Path:
    content = b"".join(bundle_archive(seal))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def recomputed(folder: Path) -> tuple[int, str]:
    """What a Python says that sees neither this project nor any installed package."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "recompute.py")],
        cwd="/",
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PATH": "", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert not done.stderr, done.stderr[-3000:]
    return done.returncode, done.stdout


def edit(path: Path, change: Callable[[list[dict[str, str]]], None]) -> None:
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_the_ranking_is_recomputed_from_the_archive_alone(seal: YearSeal, tmp_path: Path) -> None:
    code, said = recomputed(unpacked(seal, tmp_path))

    assert (code, "重算一致" in said) == (0, True), said
    assert json.loads((tmp_path / "seal.json").read_text("utf-8"))["digest"] == seal.digest
    assert set(program_files()) <= {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.py")}


def test_the_same_seal_gives_the_same_archive(seal: YearSeal) -> None:
    assert b"".join(bundle_archive(seal)) == b"".join(bundle_archive(seal))


def test_a_tampered_fact_is_found_and_named(seal: YearSeal, tmp_path: Path, officer: Account) -> None:
    folder = unpacked(seal, tmp_path)

    def forge(rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["person"] == str(officer.person_id):
                row["share"] = "0.700000"

    edit(folder / "sealed/ledger.csv", forge)
    code, said = recomputed(folder)

    assert code == 1
    assert "sealed/ledger.csv 与封存时不同" in said
    assert f"{officer.display_name}：封存为" in said


def test_a_tampered_result_is_found_and_named(seal: YearSeal, tmp_path: Path, outsider: Account) -> None:
    folder = unpacked(seal, tmp_path)

    def forge(rows: list[dict[str, str]]) -> None:
        next(row for row in rows if row["name"] == outsider.display_name)["total"] = "99.0000"

    edit(folder / "sealed/standings.csv", forge)
    code, said = recomputed(folder)

    assert code == 1
    assert f"{outsider.display_name}：封存为 99.0000 分" in said


@pytest.mark.parametrize("path", FACTS, ids=lambda path: path.stem)
def test_every_starter_scheme_is_recomputed(
    path: Path, hr: Account, manager: Account, tmp_path: Path
) -> None:
    house = House(text_of(SCHEMES / f"{path.stem}.yaml"), text_of(path), hr, manager)
    if given := house.give():
        actions.confirm_inputs(actor=manager, inputs=given)
    house.run()
    seal = make_closed(hr, manager)

    code, said = recomputed(unpacked(seal, tmp_path))

    assert code == 0, said


def test_the_scheme_is_the_same_in_json() -> None:
    for path in sorted(SCHEMES.glob("*.yaml")):
        text = path.read_text("utf-8")
        document = json.loads(exact_json(read(text).value), parse_float=Decimal)
        assert scheme_of(Reading(document)) == replace(parse_scheme(text), warnings=())


def test_only_a_closed_year_has_a_bundle_and_only_for_auditors(
    officer: Account,
    outsider: Account,
    manager: Account,
    hr: Account,
    auditor: Account,
    first_team: Team,
    second_team: Team,
) -> None:
    make_year(officer, outsider, manager, (first_team, second_team))
    with pytest.raises(Refused, match="还没有关账"):
        take_bundle(actor=auditor, year=YEAR)
    for other in (officer, hr, manager):
        with pytest.raises(NotAllowed):
            take_bundle(actor=other, year=YEAR)


def test_it_is_taken_in_the_browser_and_through_the_api_and_recorded(
    client_as: SignIn, seal: YearSeal, auditor: Account, officer: Account
) -> None:
    client = client_as(auditor)
    taken = client.get(f"/year/closing/{YEAR}/bundle.zip")
    same = client.get(f"/api/closings/{YEAR}/bundle/")

    assert b"".join(taken.streaming_content) == b"".join(same.streaming_content)  # type: ignore[attr-defined]
    assert AuditEntry.objects.filter(verb="year.bundle", actor=auditor).count() == 2
    assert client_as(officer).get(f"/year/closing/{YEAR}/bundle.zip").status_code == 403
    assert "导出审计包" in client.get(f"/year/closing/?year={YEAR}").text


def test_no_piece_is_large(seal: YearSeal) -> None:
    assert max(len(piece) for piece in bundle_archive(seal)) < 1 << 20

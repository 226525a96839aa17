"""Recomputes the ranking of a closed year from this archive alone, and compares it with the sealed result to the last digit.

    python3 recompute.py            # Python 3.11 or later; nothing else is needed

First every file is compared with MANIFEST.txt, and the sealed ones with the seal in seal.json. Then scheme, ledger, targets and inputs
are read, every measure is counted line by line, every item scored and everybody ranked by the package `kpi/scoring` beside this file
(the product's own, plain Python without a database; the product itself measures in SQL, so the two check each other). Whatever
differs is named; the exit code is 1 then, and 0 when all agrees.
"""

import csv
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from kpi.scoring import ranking  # noqa: E402 the package stands beside this file
from kpi.scoring.evaluate import Evaluation, elapsed_part  # noqa: E402
from kpi.scoring.recount import Counting  # noqa: E402
from kpi.scoring.results import Sheet, Subject  # noqa: E402
from kpi.scoring.rounding import plain, rounded  # noqa: E402
from kpi.scoring.sealed import Row, SealedYear  # noqa: E402

csv.field_size_limit(1 << 30)


class Archive:
    """The files of the archive, read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.about: dict[str, Any] = self.json("about.json")

    def json(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text("utf-8"), parse_float=Decimal)

    def rows(self, name: str) -> Iterator[Row]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def damaged_files(archive: Archive) -> Iterator[str]:
    """Files that are not as they were packed, or not as they were sealed."""
    held = {}
    for line in (archive.folder / "MANIFEST.txt").read_text("utf-8").splitlines():
        digest, name = line.split("  ", 1)
        path = archive.folder / name
        held[name] = sha256(path) if path.exists() else "missing"
        if held[name] != digest:
            yield f"文件 {name} 与打包时不同"
    for part in archive.json("seal.json")["parts"]:
        if held.get(f"sealed/{part['file']}") != part["digest"]:
            yield f"文件 sealed/{part['file']} 与封存时不同"


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def computed(archive: Archive) -> dict[tuple[str, str], tuple[str, int, Sheet]]:
    """Name, place and sheet of everybody, by group and subject."""
    year = SealedYear(archive)
    credited = set(year.about["credited_kinds"])
    entries, names = [], {}
    for row in archive.rows("subjects.csv"):
        counting = Counting(year, row["subject"], credited=row["kind"] in credited)
        names[row["subject"]] = row["name"]
        entries.append(counting.entry(Subject(row["subject"], row["kind"], row["name"])))
    elapsed = elapsed_part(year.scheme.year, year.until, year.scheme.elapsed_by)
    evaluation = Evaluation(year.scheme, entries, elapsed)
    sheets = [evaluation.sheet(entry.subject.code) for entry in entries]
    found = {}
    for code, group in year.scheme.groups.items():
        for one in ranking.rank(sheets, group):
            subject = one.sheet.subject.code
            found[code, subject] = (names[subject], one.place, one.sheet)
    return found


def differences(archive: Archive) -> Iterator[str]:
    """Whoever stands otherwise than sealed, item by item."""
    found = computed(archive)
    items: dict[str, list[Row]] = defaultdict(list)
    for row in archive.rows("sealed/items.csv"):
        items[row["standing"]].append(row)
    sealed = {}
    for row in archive.rows("sealed/standings.csv"):
        key = (row["group"], row["subject"])
        sealed[key] = row
        if key not in found:
            yield f"{row['name']}：封存的结果里有，重算没有"
            continue
        name, place, sheet = found[key]
        points = rounded(sheet.total, 4)
        if (points, place) != (Decimal(row["total"]), int(row["rank"])):
            yield f"{name}：封存为 {row['total']} 分第 {row['rank']} 名，重算为 {points} 分第 {place} 名"
        yield from item_differences(name, sheet, items[row["standing"]])
    yield from (f"{found[key][0]}：重算有，封存的结果里没有" for key in found if key not in sealed)


def item_differences(name: str, sheet: Sheet, rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        item = sheet.item(row["indicator"])
        if item is None:
            yield f"{name}：指标 {row['indicator']} 重算没有"
            continue
        points = "" if item.points is None else plain(rounded(item.points, 4))
        exact = "" if item.exact is None else plain(rounded(item.exact, 10))
        held = plain(Decimal(row["points"])) if row["points"] else ""
        if (item.status, points, exact) != (row["status"], held, row["exact"]):
            yield f"{name}：{item.title} 封存为 {held or row['status']}（{row['exact']}），重算为 {points or item.status}（{exact}）"


def main() -> int:
    """Say what was found; 0 when everything agrees."""
    archive = Archive(HERE)
    say = sys.stdout.write
    faults = [*damaged_files(archive), *differences(archive)]
    for fault in faults:
        say(f"{fault}\n")
    about = archive.about
    title = f"{about['year']} 年第 {about['run']} 批"
    if faults:
        say(f"{title}：有 {len(faults)} 处不一致。\n")
        return 1
    count = sum(1 for _row in archive.rows("sealed/standings.csv"))
    say(f"{title}：{count} 份考核结果重算一致，文件与封存时一字不差。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The worked examples of docs/kpi-schemes.md: one rule, its figures, and the line that comes out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpi.scoring.document import parse_scheme
from kpi.scoring.facts_document import parse_facts
from kpi.scoring.reading import read
from kpi.scoring.results import Item
from kpi.scoring.trial import try_out

PAGE = Path(__file__).parents[3] / "docs" / "kpi-schemes.md"
SUBJECT_KEYS = ("targets", "ratings", "choices", "categories", "peers")


@dataclass(frozen=True)
class Worked:
    """One example: the kind it shows, and its entries."""

    kind: str
    entries: Mapping[str, Any]


def examples() -> list[Worked]:
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(# example: (\w+).*?)```", text, re.DOTALL)
    return [Worked(kind, read(block).value) for block, kind in blocks]


def names_in(value: Any) -> set[str]:
    """The measures a rule names."""
    if isinstance(value, Mapping):
        own = value.get("of", [])
        found = {own} if isinstance(own, str) else set(own)
        found |= {
            value[key]
            for key in ("base", "reported", "verified", "sampled")
            if isinstance(value.get(key), str)
        }
        return found.union(*(names_in(below) for below in value.values()))
    if isinstance(value, list):
        return set().union(*(names_in(below) for below in value))
    return set()


def document(entries: Mapping[str, Any]) -> dict[str, Any]:
    """The example as a whole scheme: measures that it does not write out are reported ones."""
    written = dict(entries.get("measures", {}))
    names = names_in(entries["rule"]) | names_in(written)
    measures = {name: {"title": name} for name in sorted(names) if name not in written}
    indicators = [
        {"code": "item", "title": "示例", "measures": {**measures, **written}, "rule": entries["rule"]}
    ]
    if "other" in entries:
        fixed = {"kind": "fixed", "points": entries["other"]}
        indicators.append({"code": "other", "title": "另一项", "measures": {}, "rule": fixed})
    return {
        "scheme": "example",
        "title": "示例",
        "year": 2026,
        "rounding": {"digits": 2},
        "targets": {"goal": {"title": "任务"}, "second": {"title": "第二任务"}},
        "categories": {"when_changed": "time_weighted", "kinds": {"first": "甲类", "second": "乙类"}},
        "indicators": indicators,
    }


def worked(entries: Mapping[str, Any]) -> Item:
    """The item of the example's own subject."""
    own: dict[str, Any] = {"code": "own", "measures": {"item": entries["given"]}}
    own |= {key: entries[key] for key in ("targets", "ratings", "choices", "categories") if key in entries}
    if "projects" in entries:
        own["projects"] = {"item": entries["projects"]}
    others = [
        {"code": f"peer{index}", "measures": {"item": given}, "targets": entries.get("targets", {})}
        for index, given in enumerate(entries.get("peers", ()), start=1)
    ]
    scheme = parse_scheme(document(entries))
    return try_out(scheme, parse_facts({"subjects": [own, *others]}, scheme)).sheets[0].items[0]


def outcome(item: Item) -> str:
    """What the example shows: the line, or why there is none."""
    if item.status == "scored":
        return item.explanation
    return f"未定：{item.undecided_reason}" if item.status == "undecided" else "不适用"

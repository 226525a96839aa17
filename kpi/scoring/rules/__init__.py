"""Rule kinds (计分规则): each a small frozen value that turns measures and targets into points.

A new kind is a dataclass with `compute` and `uses` and a `RuleKind` in its module's KINDS; no more.
"""

from collections.abc import Mapping

from kpi.scoring.rules import combining, counts, ratios
from kpi.scoring.rules.base import Document, Inputs, Rule, RuleKind, Undecided, Uses

KINDS: Mapping[str, RuleKind] = {kind.name: kind for kind in (*ratios.KINDS, *counts.KINDS, *combining.KINDS)}


def build(document: Document) -> Rule:
    """The rule of a document that has passed the schema."""
    return KINDS[document["kind"]].build(document, build)


__all__ = ["KINDS", "Inputs", "Rule", "RuleKind", "Undecided", "Uses", "build"]

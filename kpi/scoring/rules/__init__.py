"""Rule kinds (计分规则): each a small frozen value that turns measures and targets into points.

A new kind is a dataclass with `compute` and `uses` and a `RuleKind` in its module's KINDS; no more.
"""

from collections.abc import Mapping

from kpi.scoring.rules import amounts, choosing, combining, counts, people, ratios, relative, values
from kpi.scoring.rules.base import Document, Inputs, NotApplicable, Rule, RuleKind, Undecided, Uses

MODULES = (ratios, counts, combining, values, choosing, amounts, people, relative)
KINDS: Mapping[str, RuleKind] = {kind.name: kind for module in MODULES for kind in module.KINDS}


def build(document: Document) -> Rule:
    """The rule of a document that has passed the schema."""
    return KINDS[document["kind"]].build(document, build)


__all__ = ["KINDS", "Inputs", "NotApplicable", "Rule", "RuleKind", "Undecided", "Uses", "build"]

"""Rule kinds: each a small frozen value that turns measures and targets into points."""

from kpi.scoring.rules.base import Inputs, Rule, Undecided

__all__ = ["Inputs", "Rule", "Undecided"]

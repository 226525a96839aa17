"""What stands beside a score (评定), as standings keep it and pages say it."""

from typing import Any

from kpi.scoring.results import Outcome
from kpi.scoring.scheme import Scheme


def outcome_columns(scheme: Scheme, outcome: Outcome | None) -> dict[str, Any]:
    """The columns of a standing: grade (等次), eligibility, and gates, cards and sentences as plain values."""
    if outcome is None:
        return {}
    titles = {award.code: award.title for award in scheme.awards}
    return {
        "merit": outcome.grade[:40],
        "eligible": outcome.eligible,
        "outcome": {
            "gates": [
                {
                    "code": gate.code,
                    "title": gate.title,
                    "holds": gate.holds,
                    "effect": gate.effect,
                    "reason": gate.reason,
                }
                for gate in outcome.gates
            ],
            "cards": list(outcome.cards),
            "barred": [titles.get(code, code) for code in outcome.barred if code != "all"],
            "reasons": list(outcome.reasons),
        },
    }

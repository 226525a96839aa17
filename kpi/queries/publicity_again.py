"""Whether a settled year may be made public once more: its final list stays decisive until another takes its place."""

from kpi.models import AssessmentYear, Publicity, PublicityState
from kpi.models.publicity import LIVE
from kpi.queries.closing.calculation import input_fingerprint_now
from kpi.queries.publicity import reopened_since


def may_publicise_after(final: Publicity) -> bool:
    """Whether the final list may be followed by another.

    The year was closed and reopened since, or what the final run counted (targets, inputs, posts, ledger) is no longer what stands
    there, so that the year could not be closed on it.
    """
    run = final.final_run
    return run is not None and (reopened_since(final) or input_fingerprint_now(run) != run.fingerprint)


def may_draft_after(found: Publicity) -> bool:
    """Whether the page of this publicity offers to draft another: the year is open, nothing of it is under way, and it may be."""
    if (
        found.state != PublicityState.FINAL
        or Publicity.objects.filter(year=found.year, state__in=LIVE).exists()
    ):
        return False
    if found.is_interim:
        return True
    is_open = AssessmentYear.objects.filter(year=found.year, closed_at=None).exists()
    return is_open and may_publicise_after(found)

"""The chain of seals: what a link is digested from, and whether chain and content hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kpi.models import AssessmentYear, Run, SealKind, YearSeal
from kpi.queries.seal.part import Digest, digest_of
from kpi.queries.seal.parts import PARTS
from kpi.scoring.fingerprint import fingerprint


def sealed_content(run: Run) -> list[Digest]:
    """Every part of the run's year as it is now."""
    return [digest_of(part, run) for part in PARTS]


def content_digest(parts: Sequence[Digest]) -> str:
    """One fingerprint of all parts."""
    return fingerprint([[part.code, part.digest] for part in parts])


def kept(parts: Sequence[Digest]) -> list[dict[str, Any]]:
    """The parts as a seal keeps them."""
    return [asdict(part) for part in parts]


def link_digest(seal: YearSeal) -> str:
    """The fingerprint of a link: all it says, and the link before."""
    return fingerprint(
        {
            "number": seal.number,
            "year": seal.year,
            "kind": seal.kind,
            "run": seal.run.number,
            "parts": seal.parts,
            "changed": seal.changed,
            "accepted": seal.accepted,
            "reason": seal.reason,
            "requested_by": seal.requested_by,
            "decided_by": seal.decided_by,
            "sealed_at": seal.sealed_at.isoformat(timespec="microseconds"),
            "previous": seal.previous_digest,
        }
    )


def last_seal() -> YearSeal | None:
    """The newest link of the chain, of whatever year."""
    return YearSeal.objects.order_by("-number").first()


def seals_of(year: int) -> list[YearSeal]:
    """The links of a year, newest first."""
    return list(YearSeal.objects.filter(year=year).select_related("run").order_by("-number"))


def closing_seal(year: int) -> YearSeal | None:
    """The link that closed the year last; None for a year that was never closed."""
    closed = YearSeal.objects.filter(year=year, kind=SealKind.CLOSED).select_related("run__scheme")
    return closed.order_by("-number").first()


def changed_parts(earlier: YearSeal | None, parts: Sequence[Digest]) -> list[str]:
    """The codes of the parts that differ from an earlier seal; none where there is no earlier one."""
    if earlier is None:
        return []
    before = {part["code"]: part["digest"] for part in earlier.parts}
    now = {part.code: part.digest for part in parts}
    return [code for code in dict.fromkeys((*before, *now)) if before.get(code) != now.get(code)]


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold: of which year, where (a link's number, or a part's code), and how."""

    year: int
    where: str
    what: str


def chain_faults() -> Iterator[Fault]:
    """Links whose digest is not that of what they say, or that do not follow the link before."""
    previous = ""
    for place, seal in enumerate(YearSeal.objects.select_related("run").order_by("number"), start=1):
        if seal.number != place or seal.previous_digest != previous:
            yield Fault(seal.year, f"#{seal.number}", "does not follow the link before")
        if seal.digest != link_digest(seal):
            yield Fault(seal.year, f"#{seal.number}", "was changed after it was sealed")
        previous = seal.digest


def content_faults(year: int) -> Iterator[Fault]:
    """The parts of a closed year that are not what was sealed; a part that is sealed only since then is not looked at."""
    assessed = AssessmentYear.objects.filter(year=year).first()
    newest = YearSeal.objects.filter(year=year).order_by("-number").first()
    is_closed = assessed is not None and assessed.closed_at is not None
    if is_closed != (newest is not None and newest.kind == SealKind.CLOSED):
        yield Fault(year, "year", "is closed without a seal, or open under one")
        return
    seal = closing_seal(year)
    if not is_closed or seal is None:
        return
    parts = {part.code: part for part in PARTS}
    for sealed in seal.parts:
        part = parts.get(sealed["code"])
        if part is None or digest_of(part, seal.run).digest != sealed["digest"]:
            yield Fault(year, sealed["code"], "differs from what was sealed")


def closed_years() -> list[int]:
    """The years that are closed now, the earlier first."""
    years = AssessmentYear.objects.filter(closed_at__isnull=False).order_by("year")
    return list(years.values_list("year", flat=True))


def seals_health() -> str:
    """One word for the health page: whether the chain holds; the content of years is looked at by `verify_close`."""
    if next(chain_faults(), None) is not None:
        return "broken"
    return "ok" if YearSeal.objects.exists() else "unused"


def titles() -> Mapping[str, str]:
    """What each part is called."""
    return {part.code: str(part.title) for part in PARTS}

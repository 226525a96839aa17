"""What a close seals (封存), and whether it still holds."""

from kpi.queries.seal.chain import (
    Fault,
    chain_faults,
    changed_parts,
    closed_years,
    closing_seal,
    content_digest,
    content_faults,
    kept,
    last_seal,
    link_digest,
    sealed_content,
    seals_health,
    seals_of,
    titles,
)
from kpi.queries.seal.part import Digest, SealedPart, digest_of, table
from kpi.queries.seal.parts import PARTS

__all__ = [
    "PARTS",
    "Digest",
    "Fault",
    "SealedPart",
    "chain_faults",
    "changed_parts",
    "closed_years",
    "closing_seal",
    "content_digest",
    "content_faults",
    "digest_of",
    "kept",
    "last_seal",
    "link_digest",
    "sealed_content",
    "seals_health",
    "seals_of",
    "table",
    "titles",
]

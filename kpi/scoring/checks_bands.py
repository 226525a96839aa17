"""Bands (档) without gap or overlap, and with every end in exactly one of them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from kpi.scoring.entries import Path
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import Band

Found = Iterator[tuple[Path, str]]


def band_ends(bands: Sequence[Band], path: Path) -> Found:
    """Empty bands, and gaps or overlaps between neighbours, including a number that both or neither claims."""
    for index, band in enumerate(bands):
        if band.from_ is not None and band.to is not None and band.from_ >= band.to:
            closed = band.from_ == band.to and band.includes_from and band.includes_to
            if not closed:
                yield (*path, index), f"“{band.title}”的起点不小于终点，这一档永远不会有项目。"
    order = sorted(range(len(bands)), key=lambda index: _low(bands[index]))
    for left, right in pairwise(order):
        yield from _neighbours(bands[left], bands[right], (*path, right))


def _low(band: Band) -> tuple[Decimal, bool]:
    return band.from_ if band.from_ is not None else Decimal("-Infinity"), not band.includes_from


def _neighbours(lower: Band, upper: Band, path: Path) -> Found:
    names = f"“{lower.title}”与“{upper.title}”"
    end, start = lower.to, upper.from_
    if end is None or start is None or end > start:
        yield path, f"{names}重叠，同一金额会落在两档。"
    elif end < start:
        yield path, f"{names}之间有空档（{plain(end)} 至 {plain(start)}），落在其中的不属于任何一档。"
    elif lower.includes_to and upper.includes_from:
        yield (
            path,
            f"{names}都含 {plain(end)} 本数，请写明本数归哪一档（另一档写 false）。",
        )
    elif not lower.includes_to and not upper.includes_from:
        yield path, f"{names}都不含 {plain(end)} 本数，请写明本数归哪一档。"

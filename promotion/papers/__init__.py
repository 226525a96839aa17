"""Official papers as PDF (公文): a typst template and plain data in, the same bytes out for the same data."""

import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

FOLDER = Path(__file__).parent
FONTS = Path(str(pylopdf_fonts_zh_cn.__file__)).parent
# The moment that a PDF carries in its head; a paper states its own dates, and the same data must give the same bytes.
MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The Chinese fonts, read once: reading them takes longer than drawing a page."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def render_paper(template: str, data: Mapping[str, Any], *, tags: bool = True) -> bytes:
    """The paper of this template (`<template>.typ`) with the data, which it reads as JSON from `sys.inputs.data`.

    `tags`: tell readers of screens what is a heading and what a table; long tables would be twenty times as large for it.
    """
    written: Any = typst.compile(
        str(FOLDER / f"{template}.typ"),
        root=str(FOLDER),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(dict(data), ensure_ascii=False, sort_keys=True)},
        timestamp=int(MOMENT.timestamp()),
        pdf_tags=tags,
    )
    return bytes(written)


def render_picture(template: str, data: Mapping[str, Any], *, dots: int = 200) -> bytes:
    """The first page of this template as a PNG of so many dots an inch, for documents that cannot draw it themselves."""
    written: Any = typst.compile(
        str(FOLDER / f"{template}.typ"),
        root=str(FOLDER),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="png",
        ppi=float(dots),
        sys_inputs={"data": json.dumps(dict(data), ensure_ascii=False, sort_keys=True)},
    )
    return bytes(written[0] if isinstance(written, list) else written)

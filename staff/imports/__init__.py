"""The roster as a table: read cell by cell, planned against what is there, described for the preview."""

from staff.imports.cells import HEADINGS, REQUIRED
from staff.imports.plan import Preview, read_roster
from staff.imports.preview import Line, heading_notes, lines_of, rejected_lines

__all__ = [
    "HEADINGS",
    "REQUIRED",
    "Line",
    "Preview",
    "heading_notes",
    "lines_of",
    "read_roster",
    "rejected_lines",
]

"""The form of an indicator: what HR fills in instead of writing a scheme as text."""

from kpi.forms.indicator.editor import Editor, editor_of
from kpi.forms.indicator.part import Setting
from kpi.forms.indicator.proposal import Proposal, as_text, begun, named, sent, shown
from kpi.forms.indicator.rows import with_row, without_row
from kpi.forms.indicator.shape import GROUPS, SHAPES

__all__ = [
    "GROUPS",
    "SHAPES",
    "Editor",
    "Proposal",
    "Setting",
    "as_text",
    "begun",
    "editor_of",
    "named",
    "sent",
    "shown",
    "with_row",
    "without_row",
]

"""Everything that writes companies, projects, achievements, documents and the timeline."""

from projects.actions.achievement import report_achievement, resubmit_achievement, withdraw_achievement
from projects.actions.document import attach_document
from projects.actions.recognition import recognise_achievement, return_achievement, reverse_achievement

__all__ = [
    "attach_document",
    "recognise_achievement",
    "report_achievement",
    "resubmit_achievement",
    "return_achievement",
    "reverse_achievement",
    "withdraw_achievement",
]

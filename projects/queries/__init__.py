"""What is read about projects; every query starts from the visible set."""

from projects.queries.achievement import (
    STATE_TONES,
    address_of,
    decisions_of,
    documents_of,
    listed_achievements,
    project_achievement_rows,
    steps_of,
    title_of,
)
from projects.queries.channel import channel_yields
from projects.queries.company import find_duplicates
from projects.queries.facts import recognised_facts
from projects.queries.lead import next_step_day, usual_channel
from projects.queries.recognition import LATE_DAYS, SLOW_DAYS, Hint, days_waiting, recognition_hints

__all__ = [
    "LATE_DAYS",
    "SLOW_DAYS",
    "STATE_TONES",
    "Hint",
    "address_of",
    "channel_yields",
    "days_waiting",
    "decisions_of",
    "documents_of",
    "find_duplicates",
    "listed_achievements",
    "next_step_day",
    "project_achievement_rows",
    "recognised_facts",
    "recognition_hints",
    "steps_of",
    "title_of",
    "usual_channel",
]

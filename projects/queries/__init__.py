"""What is read about projects; every query starts from the visible set."""

from projects.queries.channel import channel_yields
from projects.queries.company import find_duplicates
from projects.queries.lead import next_step_day, usual_channel

__all__ = [
    "channel_yields",
    "find_duplicates",
    "next_step_day",
    "usual_channel",
]

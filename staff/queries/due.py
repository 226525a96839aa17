"""What the staff file sets dates for; the workbench, the reminders and the calendar feed read it with what projects ask.

A subject (contracts, interviews, courses …) adds a source: a function of (actor, until) that gives what this person has to
see to up to and including that day, overdue things included.
"""

from staff.queries.competition import competitions_due
from staff.queries.contract import contracts_due
from staff.queries.due_item import Source
from staff.queries.interview import interviews_due
from staff.queries.training import plan_due, sessions_due

STAFF_SOURCES: tuple[Source, ...] = (
    contracts_due,
    interviews_due,
    competitions_due,
    sessions_due,
    plan_due,
)

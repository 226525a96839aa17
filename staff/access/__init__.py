"""Who sees which staff records, and who may change them: one short function each."""

from staff.access.account import (
    ROSTER_ROLES,
    accounts_visible_to,
    can_manage_accounts,
    can_revoke,
    invitations_visible_to,
    roles_given_by,
    tokens_visible_to,
)
from staff.access.contract import can_change_contract, can_keep_contracts, contracts_visible_to
from staff.access.organisation import (
    OVERSEERS,
    Posts,
    appointments_visible_to,
    assessed_teams_visible_to,
    audiences_given_by,
    in_force,
    leads,
    people_visible_to,
    posts_of,
    teams_led_by,
    teams_of,
    teams_of_person,
    teams_visible_to,
    view_audiences,
)
from staff.access.paper import papers_visible_to
from staff.access.roster import ROSTER_IMPORT, can_change_roster, roster_imports_visible_to
from staff.access.skill import fields_visible_to, languages_visible_to

__all__ = [
    "OVERSEERS",
    "ROSTER_IMPORT",
    "ROSTER_ROLES",
    "Posts",
    "accounts_visible_to",
    "appointments_visible_to",
    "assessed_teams_visible_to",
    "audiences_given_by",
    "can_change_contract",
    "can_change_roster",
    "can_keep_contracts",
    "can_manage_accounts",
    "can_revoke",
    "contracts_visible_to",
    "fields_visible_to",
    "in_force",
    "invitations_visible_to",
    "languages_visible_to",
    "leads",
    "papers_visible_to",
    "people_visible_to",
    "posts_of",
    "roles_given_by",
    "roster_imports_visible_to",
    "teams_led_by",
    "teams_of",
    "teams_of_person",
    "teams_visible_to",
    "tokens_visible_to",
    "view_audiences",
]

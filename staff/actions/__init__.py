"""Everything that changes accounts, people, teams and posts."""

from staff.actions.account import (
    change_account,
    change_language,
    change_password,
    create_account,
    deactivate_account,
    reopen_account,
    reset_password,
    sign_in,
)
from staff.actions.appointment import appoint_person, end_appointment
from staff.actions.contract import change_contract, draft_contract, drop_contract
from staff.actions.contract_course import (
    attach_contract_paper,
    confirm_probation,
    end_contract,
    sign_contract,
    tell_contract_ends,
)
from staff.actions.delegation import delegate_work, end_delegation, stand_in
from staff.actions.invitation import (
    accept_invitation,
    invite_account,
    invite_accounts,
    open_invitation,
    revoke_invitation,
)
from staff.actions.person import add_person, change_person
from staff.actions.requirement import (
    add_requirement,
    adopt_requirements,
    end_requirement,
    order_requirements,
)
from staff.actions.roster import apply_roster_import, discard_import, keep_roster_import, note_roster_export
from staff.actions.skill import add_field, add_language, end_field, end_language
from staff.actions.team import close_unit, found_team
from staff.actions.token import issue_token, revoke_token

__all__ = [
    "accept_invitation",
    "add_field",
    "add_language",
    "add_person",
    "add_requirement",
    "adopt_requirements",
    "apply_roster_import",
    "appoint_person",
    "attach_contract_paper",
    "change_account",
    "change_contract",
    "change_language",
    "change_password",
    "change_person",
    "close_unit",
    "confirm_probation",
    "create_account",
    "deactivate_account",
    "delegate_work",
    "discard_import",
    "draft_contract",
    "drop_contract",
    "end_appointment",
    "end_contract",
    "end_delegation",
    "end_field",
    "end_language",
    "end_requirement",
    "found_team",
    "invite_account",
    "invite_accounts",
    "issue_token",
    "keep_roster_import",
    "note_roster_export",
    "open_invitation",
    "order_requirements",
    "reopen_account",
    "reset_password",
    "revoke_invitation",
    "revoke_token",
    "sign_contract",
    "sign_in",
    "stand_in",
    "tell_contract_ends",
]

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
from staff.actions.attendance import close_training, mark_attendance
from staff.actions.contract import change_contract, draft_contract, drop_contract
from staff.actions.contract_course import (
    attach_contract_paper,
    confirm_probation,
    end_contract,
    sign_contract,
    tell_contract_ends,
)
from staff.actions.course import add_course, change_course, require_credits
from staff.actions.delegation import delegate_work, end_delegation, stand_in
from staff.actions.invitation import (
    accept_invitation,
    invite_account,
    invite_accounts,
    open_invitation,
    revoke_invitation,
)
from staff.actions.person import add_person, change_person
from staff.actions.regrade import regrade_people
from staff.actions.requirement import (
    add_requirement,
    adopt_requirements,
    end_requirement,
    order_requirements,
)
from staff.actions.roster import apply_roster_import, discard_import, keep_roster_import, note_roster_export
from staff.actions.skill import add_field, add_language, end_field, end_language
from staff.actions.team import close_unit, found_team
from staff.actions.team_change import change_team, close_team, name_leader
from staff.actions.token import issue_token, revoke_token
from staff.actions.training import (
    cancel_training,
    change_training,
    enrol,
    hold_training,
    withdraw_from_training,
)
from staff.actions.training_plan import drop_plan_line, plan_training

__all__ = [
    "accept_invitation",
    "add_course",
    "add_field",
    "add_language",
    "add_person",
    "add_requirement",
    "adopt_requirements",
    "apply_roster_import",
    "appoint_person",
    "attach_contract_paper",
    "cancel_training",
    "change_account",
    "change_contract",
    "change_course",
    "change_language",
    "change_password",
    "change_person",
    "change_team",
    "change_training",
    "close_team",
    "close_training",
    "close_unit",
    "confirm_probation",
    "create_account",
    "deactivate_account",
    "delegate_work",
    "discard_import",
    "draft_contract",
    "drop_contract",
    "drop_plan_line",
    "end_appointment",
    "end_contract",
    "end_delegation",
    "end_field",
    "end_language",
    "end_requirement",
    "enrol",
    "found_team",
    "hold_training",
    "invite_account",
    "invite_accounts",
    "issue_token",
    "keep_roster_import",
    "mark_attendance",
    "name_leader",
    "note_roster_export",
    "open_invitation",
    "order_requirements",
    "plan_training",
    "regrade_people",
    "reopen_account",
    "require_credits",
    "reset_password",
    "revoke_invitation",
    "revoke_token",
    "sign_contract",
    "sign_in",
    "stand_in",
    "tell_contract_ends",
    "withdraw_from_training",
]

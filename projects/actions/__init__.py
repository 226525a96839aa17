"""Everything that writes companies, projects, achievements, documents and the timeline."""

from projects.actions.achievement import report_achievement, resubmit_achievement, withdraw_achievement
from projects.actions.answer_link import answer_by_link, issue_link, open_link, revoke_link
from projects.actions.arbitration import (
    decide_arbitration,
    open_arbitration,
    state_case,
    withdraw_arbitration,
)
from projects.actions.blocker import (
    answer_blocker,
    extend_blocker,
    note_on_blocker,
    raise_blocker,
    reopen_blocker,
    solve_blocker,
    withdraw_blocker,
)
from projects.actions.company import change_company
from projects.actions.contact import add_contact
from projects.actions.credit import correct_shares, share_credit
from projects.actions.department import (
    add_department,
    change_department,
    close_department,
    reopen_department,
    retire_department_contact,
    save_department_contact,
)
from projects.actions.document import attach_document, classify_document, replace_document
from projects.actions.escalation import escalate_blockers, settle_ladder, settle_time_limit
from projects.actions.evidence import (
    add_evidence_requirement,
    change_evidence_requirement,
    end_evidence_requirement,
    write_default_checklist,
)
from projects.actions.handover import (
    accept_handover,
    approve_handover,
    cancel_handover,
    propose_handover,
    reject_handover,
)
from projects.actions.handover_batch import hand_over_all
from projects.actions.history import import_history
from projects.actions.lead import log_lead
from projects.actions.mention import see_mention
from projects.actions.next_step import finish_next_step, plan_next_step, postpone_next_step
from projects.actions.project import advance_project, change_project
from projects.actions.protection import claim_company, confirm_progress, release_reception
from projects.actions.protection_upkeep import lapse_receptions, set_protection_rule, warn_of_lapse
from projects.actions.recognition import recognise_achievement, return_achievement, reverse_achievement
from projects.actions.secrecy import end_reader, keep_view, lift_secrecy, make_secret, name_reader
from projects.actions.service_plan import (
    add_task,
    change_task,
    finish_task,
    move_task,
    reopen_task,
    skip_task,
    start_plan,
)
from projects.actions.service_template import TemplateTask, adopt_starters, save_template
from projects.actions.specialist import end_specialist, name_specialist
from projects.actions.status import lose_project, resume_project, suspend_project
from projects.actions.timeline import write_follow_up

__all__ = [
    "TemplateTask",
    "accept_handover",
    "add_contact",
    "add_department",
    "add_evidence_requirement",
    "add_task",
    "adopt_starters",
    "advance_project",
    "answer_blocker",
    "answer_by_link",
    "approve_handover",
    "attach_document",
    "cancel_handover",
    "change_company",
    "change_department",
    "change_evidence_requirement",
    "change_project",
    "change_task",
    "claim_company",
    "classify_document",
    "close_department",
    "confirm_progress",
    "correct_shares",
    "decide_arbitration",
    "end_evidence_requirement",
    "end_reader",
    "end_specialist",
    "escalate_blockers",
    "extend_blocker",
    "finish_next_step",
    "finish_task",
    "hand_over_all",
    "import_history",
    "issue_link",
    "keep_view",
    "lapse_receptions",
    "lift_secrecy",
    "log_lead",
    "lose_project",
    "make_secret",
    "move_task",
    "name_reader",
    "name_specialist",
    "note_on_blocker",
    "open_arbitration",
    "open_link",
    "plan_next_step",
    "postpone_next_step",
    "propose_handover",
    "raise_blocker",
    "recognise_achievement",
    "reject_handover",
    "release_reception",
    "reopen_blocker",
    "reopen_department",
    "reopen_task",
    "replace_document",
    "report_achievement",
    "resubmit_achievement",
    "resume_project",
    "retire_department_contact",
    "return_achievement",
    "reverse_achievement",
    "revoke_link",
    "save_department_contact",
    "save_template",
    "see_mention",
    "set_protection_rule",
    "settle_ladder",
    "settle_time_limit",
    "share_credit",
    "skip_task",
    "solve_blocker",
    "start_plan",
    "state_case",
    "suspend_project",
    "warn_of_lapse",
    "withdraw_achievement",
    "withdraw_arbitration",
    "withdraw_blocker",
    "write_default_checklist",
    "write_follow_up",
]

"""What is written in `kpi`: the ledger, runs, schemes, targets and inputs."""

from kpi.actions.award import accept_award_proposals, decide_award, drop_award_decision, submit_awards
from kpi.actions.award_course import approve_awards, export_certificates, revoke_award
from kpi.actions.grade_round import (
    apply_grade_round,
    approve_grade_round,
    decide_grade,
    open_grade_round,
    renew_grade_round,
    submit_grade_round,
)
from kpi.actions.grade_rule import GradeTerms, draft_grade_rule, drop_grade_rule, release_grade_rule
from kpi.actions.input_import import apply_input_import, discard_input_import, keep_input_import
from kpi.actions.inputs import (
    InputRow,
    confirm_inputs,
    record_inputs,
    return_inputs,
    reverse_input,
    withdraw_input,
)
from kpi.actions.pay_opening import open_pay_lines, take_pay_year
from kpi.actions.pay_rules import (
    draft_pay_rule,
    draft_pay_scale,
    drop_pay_rule,
    drop_pay_scale,
    release_pay_rule,
    release_pay_scale,
)
from kpi.actions.pay_sheet import (
    confirm_pay_sheet,
    correct_pay,
    drop_correction,
    drop_pay_sheet,
    make_pay_sheet,
    make_settlement,
    pay_out,
    reopen_pay_sheet,
)
from kpi.actions.rehearsal import carry_out, export_rehearsal, rehearse_scheme
from kpi.actions.run import (
    cancel_run,
    execute_run,
    fail_run,
    recompute_run,
    request_run,
    requeue_stale_runs,
    resume_run,
)
from kpi.actions.scheme import draft_scheme, edit_draft, publish_scheme
from kpi.actions.target import TargetRow, set_target, set_targets
from kpi.actions.target_import import apply_target_import, discard_target_import, keep_target_import

__all__ = [
    "GradeTerms",
    "InputRow",
    "TargetRow",
    "accept_award_proposals",
    "apply_grade_round",
    "apply_input_import",
    "apply_target_import",
    "approve_awards",
    "approve_grade_round",
    "cancel_run",
    "carry_out",
    "confirm_inputs",
    "confirm_pay_sheet",
    "correct_pay",
    "decide_award",
    "decide_grade",
    "discard_input_import",
    "discard_target_import",
    "draft_grade_rule",
    "draft_pay_rule",
    "draft_pay_scale",
    "draft_scheme",
    "drop_award_decision",
    "drop_correction",
    "drop_grade_rule",
    "drop_pay_rule",
    "drop_pay_scale",
    "drop_pay_sheet",
    "edit_draft",
    "execute_run",
    "export_certificates",
    "export_rehearsal",
    "fail_run",
    "keep_input_import",
    "keep_target_import",
    "make_pay_sheet",
    "make_settlement",
    "open_grade_round",
    "open_pay_lines",
    "pay_out",
    "publish_scheme",
    "recompute_run",
    "record_inputs",
    "rehearse_scheme",
    "release_grade_rule",
    "release_pay_rule",
    "release_pay_scale",
    "renew_grade_round",
    "reopen_pay_sheet",
    "request_run",
    "requeue_stale_runs",
    "resume_run",
    "return_inputs",
    "reverse_input",
    "revoke_award",
    "set_target",
    "set_targets",
    "submit_awards",
    "submit_grade_round",
    "take_pay_year",
    "withdraw_input",
]

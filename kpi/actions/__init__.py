"""What is written in `kpi`: the ledger, runs, schemes and targets."""

from kpi.actions.run import execute_run, fail_run, request_run, requeue_stale_runs
from kpi.actions.scheme import TargetRow, draft_scheme, publish_scheme, set_target, set_targets

__all__ = [
    "TargetRow",
    "draft_scheme",
    "execute_run",
    "fail_run",
    "publish_scheme",
    "request_run",
    "requeue_stale_runs",
    "set_target",
    "set_targets",
]

"""What people fill in about schemes and targets."""

from kpi.forms.scheme import SchemeForm, SourceForm, StartForm
from kpi.forms.target import (
    PeriodForm,
    TargetFileForm,
    TargetsForm,
    YearForm,
    grid_cells,
    subject_cells,
)
from kpi.forms.target_plan import CopyForm, SpreadForm

__all__ = [
    "CopyForm",
    "PeriodForm",
    "SchemeForm",
    "SourceForm",
    "SpreadForm",
    "StartForm",
    "TargetFileForm",
    "TargetsForm",
    "YearForm",
    "grid_cells",
    "subject_cells",
]

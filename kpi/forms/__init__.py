"""What people fill in about schemes, targets and trials."""

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
from kpi.forms.trial import AssumptionForm, RehearsalForm

__all__ = [
    "AssumptionForm",
    "CopyForm",
    "PeriodForm",
    "RehearsalForm",
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

"""What people fill in about schemes, targets, inputs and trials."""

from kpi.forms.inputs import (
    CategoriesForm,
    ChoicesForm,
    FiguresForm,
    InputFileForm,
    RatesForm,
    ReasonForm,
    SheetForm,
)
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
from kpi.forms.unit import UnitCloseForm, UnitForm

__all__ = [
    "AssumptionForm",
    "CategoriesForm",
    "ChoicesForm",
    "CopyForm",
    "FiguresForm",
    "InputFileForm",
    "PeriodForm",
    "RatesForm",
    "ReasonForm",
    "RehearsalForm",
    "SchemeForm",
    "SheetForm",
    "SourceForm",
    "SpreadForm",
    "StartForm",
    "TargetFileForm",
    "TargetsForm",
    "UnitCloseForm",
    "UnitForm",
    "YearForm",
    "grid_cells",
    "subject_cells",
]

"""What people fill in about schemes and targets."""

from kpi.forms.scheme import SchemeForm, SourceForm, StartForm
from kpi.forms.target import TargetFileForm, TargetsForm, YearForm

__all__ = ["SchemeForm", "SourceForm", "StartForm", "TargetFileForm", "TargetsForm", "YearForm"]

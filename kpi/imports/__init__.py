"""Tables of targets and of inputs as workbooks, out and in."""

from kpi.imports.inputs import input_table, read_inputs, rejected_inputs
from kpi.imports.target import help_sheet, read_targets, rejected_sheet, target_sheet

__all__ = [
    "help_sheet",
    "input_table",
    "read_inputs",
    "read_targets",
    "rejected_inputs",
    "rejected_sheet",
    "target_sheet",
]

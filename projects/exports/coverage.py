"""The coverage matrix as a sheet."""

from django.utils.translation import gettext as _

from projects.queries.coverage import Coverage
from promotion.web.workbooks import Sheet, SheetColumn


def coverage_sheet(coverage: Coverage) -> Sheet:
    """One row an industry, one column a region, the teams in each cell; gaps and overlaps in words."""
    columns = [
        SheetColumn(_("产业"), width=16),
        SheetColumn(_("在推项目"), "integer", 10),
        *(SheetColumn(region, width=22) for region in coverage.regions),
    ]
    rows = [[row.industry, row.projects, *(_words(cell) for cell in row.cells)] for row in coverage.rows]
    note = _("%(day)s · 缺口 %(gaps)s 格，重叠 %(overlaps)s 格") % {
        "day": coverage.day,
        "gaps": coverage.gaps,
        "overlaps": coverage.overlaps,
    }
    return Sheet(
        name=_("覆盖矩阵"), title=_("产业与区域覆盖"), note=note, columns=columns, rows=rows, freeze_columns=1
    )


def _words(cell: object) -> str:
    teams = [team.name for team in cell.teams]  # type: ignore[attr-defined]
    if not teams:
        return str(_("缺口"))
    names = "、".join(teams)
    return _("%(names)s（重叠）") % {"names": names} if len(teams) > 1 else names

"""What leaves the house: the ranking workbook, statements and certificates as papers."""

from kpi.exports.award import award_archive as award_archive
from kpi.exports.award import award_paper_name as award_paper_name
from kpi.exports.award import award_papers as award_papers
from kpi.exports.rehearsal import rehearsal_name as rehearsal_name
from kpi.exports.rehearsal import rehearsal_sheets as rehearsal_sheets
from kpi.exports.statement import archive_name as archive_name
from kpi.exports.statement import paper_name as paper_name
from kpi.exports.statement import statement_archive as statement_archive
from kpi.exports.statement import statement_paper as statement_paper
from kpi.exports.workbook import ranking_sheets as ranking_sheets
from kpi.exports.workbook import workbook_name as workbook_name

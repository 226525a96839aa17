"""What a close seals, file by file. People, teams and projects are named by their numbers, which never change.

A subject that decides something of the year adds its part here: a SELECT over rows that `locked_when_closed` keeps. A SELECT that
stands here is never changed, because closed years were sealed with its bytes: what is to be sealed besides becomes a part of its own.
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from kpi.models import Run
from kpi.queries.seal.part import SealedPart, table

SUBJECT = "CASE WHEN {0}.person_id IS NULL THEN 'team:' || {0}.team_id ELSE 'person:' || {0}.person_id END AS subject"


def scheme_text(run: Run) -> Iterator[bytes]:
    """The published document, as it was published."""
    yield run.scheme.text.encode()


RUN = """
SELECT r.year, r.number, r.as_of, s.number AS scheme, s.fingerprint AS scheme_fingerprint, r.fingerprint, r.ledger_digest, r.last_line
FROM kpi_run r JOIN kpi_schemeversion s ON s.id = r.scheme_id WHERE r.id = {run}
"""
TARGETS = f"""
SELECT indicator, {SUBJECT.format("t")}, period, level, amount, unit FROM kpi_target t
WHERE year = {{year}} ORDER BY indicator, person_id, team_id, period, level
"""  # noqa: S608 - constants of this module
INPUTS = """
SELECT id, kind, state, CASE WHEN person_id IS NOT NULL THEN 'person:' || person_id WHEN team_id IS NOT NULL THEN 'team:' || team_id END
       AS subject, project_id AS project, code, part, band, voter, option, value, author, reason, holds_from, dated
FROM kpi_assessmentinput WHERE year = {year} ORDER BY id
"""
LEDGER = """
SELECT id, achievement_id AS fact, project_id AS project, person_id AS person, team_id AS team, ranked_team_id AS ranked_team, kind,
       role, happened_on, share, amount, amount_usd, full_amount, full_amount_usd, full_people, industry, project_class,
       capital_source, channel, park, level, reason, reverses_id AS reverses
FROM kpi_ledgerline WHERE year = {year} AND id <= {last} ORDER BY id
"""
STANDINGS = f"""
SELECT id AS standing, "group", {SUBJECT.format("s")}, subject_name AS name, grade, home_team_id AS home_team, total, rank,
       undecided_count AS undecided, target_missed, merit, eligible, outcome
FROM kpi_standing s WHERE run_id = {{run}} ORDER BY id
"""  # noqa: S608 - constants of this module
ITEMS = """
SELECT i.standing_id AS standing, i.indicator, i.status, i.points, i.full_marks, i.actual, i.target, i.progress,
       i.measures ->> 'exact' AS exact, i.explanation
FROM kpi_item i JOIN kpi_standing s ON s.id = i.standing_id WHERE s.run_id = {run} ORDER BY i.standing_id, i.indicator
"""
CANDIDATES = """
SELECT award, title, standing_id AS standing, is_warning, is_tied, undecided, passed_over, reason
FROM kpi_awardcandidate WHERE run_id = {run} ORDER BY id
"""
AWARDS = f"""
SELECT public_id AS decision, award, title, {SUBJECT.format("a")}, subject_name AS name, proposal, outcome, consequence, departs,
       a.reason, state, serial, approved_on, revoked_for
FROM kpi_awarddecision a WHERE year = {{year}} ORDER BY id
"""  # noqa: S608 - constants of this module
PUBLICITIES = """
SELECT p.public_id AS publicity, r.number AS run, f.number AS final_run, p.is_interim, p.state, p.opens_on, p.closes_on, p.withdraw_reason
FROM kpi_publicity p JOIN kpi_run r ON r.id = p.run_id LEFT JOIN kpi_run f ON f.id = p.final_run_id
WHERE p.year = {year} ORDER BY p.id
"""
OBJECTIONS = """
SELECT p.public_id AS publicity, o.public_id AS objection, o.standing_id AS standing, o.title, o.state
FROM kpi_scoreobjection o JOIN kpi_publicity p ON p.id = o.publicity_id WHERE p.year = {year} ORDER BY o.id
"""
# A part of its own: the bytes of a part never change, or years sealed with it would no longer hold.
ANSWERS = """
SELECT o.public_id AS objection, o.indicator, o.achievement_id AS fact, o.text, o.asked, o.state, o.decision, o.remedy_kind, o.remedy,
       o.remedy_achievement_id AS remedy_fact, o.remedy_input_id AS remedy_input
FROM kpi_scoreobjection o JOIN kpi_publicity p ON p.id = o.publicity_id WHERE p.year = {year} ORDER BY o.id
"""
ACKNOWLEDGEMENTS = """
SELECT p.public_id AS publicity, a.standing_id AS standing
FROM kpi_acknowledgement a JOIN kpi_publicity p ON p.id = a.publicity_id WHERE p.year = {year} ORDER BY a.id
"""
GRADES = """
SELECT 'person:' || p.person_id AS subject, p.team_id AS team, p.standing_id AS standing, p.present, p.proposed, p.decided, p.reason,
       g.state, g.applies_on
FROM kpi_gradeproposal p JOIN kpi_graderound g ON g.id = p.round_id WHERE g.year = {year} ORDER BY p.id
"""
# Amounts are sealed from everybody; the digest is over the lines in clear and proves that they are the same.
PAY = """
SELECT s.public_id AS sheet, s.kind, s.month, s.number, r.number AS run, s.people, s.state, s.digest
FROM kpi_paysheet s LEFT JOIN kpi_run r ON r.id = s.run_id WHERE s.year = {year} ORDER BY s.id
"""

PARTS: tuple[SealedPart, ...] = (
    SealedPart("scheme", _("考核细则"), "scheme.yaml", scheme_text),
    SealedPart("run", _("核算批次"), "run.csv", table(RUN)),
    SealedPart("targets", _("目标任务"), "targets.csv", table(TARGETS)),
    SealedPart("inputs", _("考评录入"), "inputs.csv", table(INPUTS)),
    SealedPart("ledger", _("归属账"), "ledger.csv", table(LEDGER)),
    SealedPart("standings", _("考核结果"), "standings.csv", table(STANDINGS)),
    SealedPart("items", _("得分明细"), "items.csv", table(ITEMS)),
    SealedPart("candidates", _("评奖候选"), "candidates.csv", table(CANDIDATES)),
    SealedPart("publicities", _("考核公示"), "publicities.csv", table(PUBLICITIES)),
    SealedPart("objections", _("考核异议"), "objections.csv", table(OBJECTIONS)),
    SealedPart("answers", _("异议处理"), "answers.csv", table(ANSWERS)),
    SealedPart("acknowledgements", _("公示确认"), "acknowledgements.csv", table(ACKNOWLEDGEMENTS)),
    SealedPart("awards", _("评奖决定"), "awards.csv", table(AWARDS)),
    SealedPart("grades", _("职级"), "grades.csv", table(GRADES)),
    SealedPart("pay", _("薪酬"), "pay.csv", table(PAY)),
)

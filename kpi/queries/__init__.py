"""What is read in `kpi`: the ledger, measures, standings, changes and explanations."""

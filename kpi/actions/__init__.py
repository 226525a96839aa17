"""What is written in `kpi`: the ledger, runs, schemes and targets."""

"""Pages of people, teams, accounts and the roster."""

"""The pure calculation of assessment (考核): no database, no clock, no settings, exact decimals only."""

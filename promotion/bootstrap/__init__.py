"""Set-up and running on one machine: standard library only, because it works before anything is installed."""

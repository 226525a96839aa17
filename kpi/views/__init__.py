"""Pages of `kpi`, by subject."""

"""Benchmarks that anyone can run: `make bench`. Every figure is given as a ratio to a floor of the same run."""

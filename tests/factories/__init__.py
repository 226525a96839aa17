"""One factory per model: valid by default, no surprises; each argument overrides a field."""

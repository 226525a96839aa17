"""Commands of the assessment, by name."""

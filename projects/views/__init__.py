"""Pages: a few lines each over access, queries and actions."""

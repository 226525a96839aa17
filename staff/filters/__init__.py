"""How the lists of the staff file are narrowed."""

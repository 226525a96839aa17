"""The staff file for other systems, with the scope staff:read."""

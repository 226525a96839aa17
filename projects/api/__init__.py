"""Projects for other systems: the same actions as the pages, with the scopes projects:read and projects:write."""

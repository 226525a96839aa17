"""The shape of what is typed into pages; meaning is checked in the actions."""

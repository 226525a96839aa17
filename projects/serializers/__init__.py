"""The shape of projects, companies and achievements as JSON; meaning is checked in the actions."""

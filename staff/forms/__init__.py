"""What people fill in about people, posts, accounts and keys; the rules themselves are the actions'."""

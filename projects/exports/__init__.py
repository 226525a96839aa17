"""Workbooks of what lists show."""

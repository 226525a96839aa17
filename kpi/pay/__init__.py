"""Grades and pay as arithmetic: exact, of plain values alone; it knows neither the database nor the day."""

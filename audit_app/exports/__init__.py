"""Figures out: tables as CSV, spreadsheet, database and JSON, all made from `tables.py`; whole copies for a person and
for an organisation; and settings and people in. What one may not see is in none of it."""

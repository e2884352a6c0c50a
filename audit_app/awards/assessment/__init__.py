"""What an assessor judges, offline on the visit, and reports."""

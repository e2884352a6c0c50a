"""From an open audit to an assessor at work."""

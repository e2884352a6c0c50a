"""One setting's look at itself: Audit, Contributor, Answer, Finding. `scoring.py` is pure."""

"""Organisations, and the places that are audited."""

"""Evidence: what shows it."""

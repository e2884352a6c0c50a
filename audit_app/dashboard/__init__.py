"""Questions managers ask. Reads everything, changes nothing."""

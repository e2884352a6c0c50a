"""Who decides, the award and what follows it, and what the site says to that."""

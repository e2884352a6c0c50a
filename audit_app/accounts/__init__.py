"""People, what they may do where, and the devices they are signed in on."""

"""What will be done about it: the improvement plan, its reminders and its calendar. `due.py` is pure."""

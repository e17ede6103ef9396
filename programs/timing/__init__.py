"""Days of the week and times of the day: pure."""

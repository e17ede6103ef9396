"""The week, from Monday as day 0."""

WEEK = 7  # days
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # for therapists, who read English
# A progress form is due every so many days: from daily to every twelve weeks.
LEAST_EVERY_DAYS, MOST_EVERY_DAYS = 1, 84

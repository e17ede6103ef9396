"""Pictures and videos of an exercise, kept by their content."""

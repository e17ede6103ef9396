"""The plan on paper, and what was written on it."""

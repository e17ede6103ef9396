"""A frozen plan over time: a day of it, what was done, how the feet answered."""

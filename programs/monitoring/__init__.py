"""Remote therapeutic monitoring (RTM, US Medicare): which counts meet which code. Pure."""

"""`make faults`: what patients sent while something was killed, stopped or refused, is counted."""

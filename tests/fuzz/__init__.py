"""Odd requests to every address: `tests/config/test_fuzz.py` sends some, `make fuzz` many."""

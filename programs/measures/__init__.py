"""Measures: what is asked, how it is scored, and what a score says. No request, no database.

Only `answered` reads stored definitions; everything else works on plain values.
"""

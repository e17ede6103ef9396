"""Definitions of measures, their scores, norms and words: pure."""

"""Exercises and progress forms in Wagtail's admin."""

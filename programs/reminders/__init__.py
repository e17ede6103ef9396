"""Who wants to be reminded when, and the letters."""

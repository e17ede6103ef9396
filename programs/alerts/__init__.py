"""Which alerts answers, time and findings raise, and what the patient is told at once."""

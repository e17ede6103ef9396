"""What a patient's findings and alerts say about a line, a plan, a day."""

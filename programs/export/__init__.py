"""Everything about a patient, to take along."""

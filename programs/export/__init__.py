"""Everything that is kept about one patient, for them to take along."""

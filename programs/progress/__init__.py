"""What the log says of a patient, for therapist and patient."""

"""Tags of the therapists' pages."""

"""What is known and kept of exercises: ladder, use, sources, public pages."""

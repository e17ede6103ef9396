"""Programs as documents: content, differences, edits, files."""

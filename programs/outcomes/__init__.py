"""What a clinic's care came to, in numbers without names."""

"""What a therapist types, understood and said back: pure."""

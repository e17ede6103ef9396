"""Notes and letters in plain sentences from the data; each number knows its rows."""

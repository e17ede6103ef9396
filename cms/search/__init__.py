"""The public search: what can be found, what was typed, what is shown of it."""

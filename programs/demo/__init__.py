"""The demo clinic of a first try."""

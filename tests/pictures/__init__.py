"""The pictures of README and guides, taken from the demo clinic by a browser: `make pictures`."""

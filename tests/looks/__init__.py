"""How the key pages look, beside how they were approved: `make looks`."""

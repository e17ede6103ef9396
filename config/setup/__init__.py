"""What `make` needs before Django runs: the virtual environment, a database, a browser."""

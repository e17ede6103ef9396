"""Django's PostgreSQL, which says at once that the database is away (`outage`)."""

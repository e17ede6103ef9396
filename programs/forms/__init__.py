"""Fields and layout of questions, without a row of the database."""

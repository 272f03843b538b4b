"""What the api reads and writes in the database; a query has the name of its function."""

"""The whole system on one machine: broker, database and programs, with or without containers."""

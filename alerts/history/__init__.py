"""The history of alerts in the database: a copy of the journal, made when it can be made."""

"""Plumbing that knows no city noun: errors, settings, broker, database, logs, metrics."""

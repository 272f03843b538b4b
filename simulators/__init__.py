"""A city that does not exist and knows its own truth: devices, scenarios, faults, load."""

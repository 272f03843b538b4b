"""Is it bad, and since when: rules as data, one pure decider per kind, no clock."""

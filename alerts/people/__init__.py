"""Who answers for an alert: desks, shifts, escalation, hand-over, duty checks."""

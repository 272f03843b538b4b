"""How things behave, as pure functions of time: no state, no clock, the same second twice the same.

Every module has a `SIGNALS` table: what a metric of that kind of device reads at a moment.
"""

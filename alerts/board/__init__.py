"""The alert and its life: states, the board of what is open, how it is shown."""

"""Noise control: what need not be shown now is held, folded or marked, and always counted."""

"""What must never be forgotten: the append-only journal on the engine's own disk."""

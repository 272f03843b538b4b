"""How rules change while the city is watched: drafts, review by a second pair of eyes, versions."""

"""What leaves the house: notices, their receipts, and the ways they go."""

"""What keeps the book living: steps and what waits in them, changes, dead addresses."""

"""Chapters as notebooks: executed side by side, and offered to run elsewhere."""

"""A version: checked, put into every file, and archived."""

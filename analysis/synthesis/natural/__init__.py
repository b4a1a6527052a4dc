"""Natural experiments: one unit held against all others."""

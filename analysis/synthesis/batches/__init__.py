"""Thousands of summaries at once, in arrays, here or on a cluster."""

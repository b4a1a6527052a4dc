"""Interrupted time series, with and without a control."""

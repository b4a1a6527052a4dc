"""Figures of findings: each a picture, its alt text and its data table from one object."""

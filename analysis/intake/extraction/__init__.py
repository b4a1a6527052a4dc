"""Extraction: sheets out of the schema, sheets in, checked as `qof check` would, then written."""

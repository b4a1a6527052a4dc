"""`qof pool`: a guarded meta-analysis of anyone's table."""

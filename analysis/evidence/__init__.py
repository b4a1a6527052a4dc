"""The extracted figures: their tables, schemas, checks and standard errors.

Import the modules themselves (`tables`, `checks`, `sizes`); this root stays empty so that
importing it costs nothing.
"""

"""Official QOF statistics: fetched, read into one shape, and condensed into tables of `data/`.

Import the modules themselves (`sources`, `workbooks`, `releases`, `tables`); this root stays
empty so that importing it costs nothing.
"""

"""The page on which a reader explores the effects: table, script's frame, data."""

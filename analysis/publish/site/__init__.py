"""The site around the chapters: pages without a source, their heads, and what programs read."""

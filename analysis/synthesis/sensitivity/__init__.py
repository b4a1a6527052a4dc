"""What a summary owes to single effects, to their order, and to choices."""

"""What is made again only when its inputs change, and bytes that follow from content."""

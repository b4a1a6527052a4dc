"""Questions asked of the evidence, and the frozen findings that answer them."""

"""Effects that share a study: three-level models and cluster-robust errors."""

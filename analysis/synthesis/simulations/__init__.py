"""Whether intervals hold what they promise: simulated meta-analyses and series."""

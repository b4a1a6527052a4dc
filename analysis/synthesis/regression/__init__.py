"""Why effects differ: meta-regression, subgroups, and their permutation tests."""

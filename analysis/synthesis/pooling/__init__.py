"""The mean of effects: estimators of tau², heterogeneity, tests and intervals."""

"""Where pooling is wrong: directions, sign tests, harvest plots, combined p-values."""

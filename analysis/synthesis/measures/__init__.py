"""From raw or reported figures to effects with variances."""

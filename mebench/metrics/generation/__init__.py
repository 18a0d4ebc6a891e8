"""Metrics of generated expressions. May import `metrics.base`, `schema` and the ground alone."""

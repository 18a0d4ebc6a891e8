"""Metrics: numbers from predictions and truth, as pure functions of arrays, and the catalogue of what each is.

`base` and `catalogue` say what a metric is called and which way is up, `statistics` turns sums over people into
numbers, `conventions` holds the rules as data. Nothing here reads a file. May import `schema` and the ground, numpy and
scipy.
"""

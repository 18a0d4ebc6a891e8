"""From counts of people to numbers: sums, intervals by bootstrap, paired tests, and the correction for many tests.

May import `schema` and the ground alone; the metrics of every task stand on it.
"""

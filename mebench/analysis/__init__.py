"""What is read from scorecards: comparisons, regression checks, baselines, errors.

May import `runs`, `protocols` and what lies below them.
"""

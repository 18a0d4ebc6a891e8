"""Protocols: the rules of a challenge year or paper. They divide a cohort, and turn predictions and truth into a card.

`base` and `splits` are for all, `rules` grades, one file a task, and `megc` has a page a year. A protocol never trains
and never opens a dataset. May import `tasks`, `metrics` and below; no heavy library, for organisers grade without them.
"""

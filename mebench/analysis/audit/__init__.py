"""Looking for leaks in a finished run: one small file for each kind of evidence, each leak named with it.

May import `runs`, `protocols` and what lies below them, as `analysis` may.
"""

"""The Micro-Expression Grand Challenges, a page each: rules that differ from the task, official counts, sources.

A page derives from the base of its task in `protocols.rules`. May import what `protocols` may.
"""

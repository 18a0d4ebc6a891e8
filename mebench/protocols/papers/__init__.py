"""Protocols of papers, one file each.

May import the rules of a task and what these may; a protocol never trains and never opens a dataset.
"""

"""Conformance checks for authors of plug-ins, and the small recordings that they run on.

May import `runs` and all below it; only `cli` and the public face import this package. Nothing in it knows a plug-in
by name.
"""

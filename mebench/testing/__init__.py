"""Conformance checks for authors of plug-ins, and the small recordings that they run on.

Everything below may be imported here; only `cli` imports this package. Nothing in it knows a plug-in by name.
"""

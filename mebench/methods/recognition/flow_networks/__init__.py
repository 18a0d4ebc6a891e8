"""Recognisers by a network that looks at a clip's optical flow; each architecture is a file.

May import `methods.nets`, `methods.recognition`, `faces`, `frames` and below.
"""

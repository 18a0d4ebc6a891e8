"""Facial expressions of frames, learnt from labelled stills: one body, two heads (thesis chapter 7).

May import `methods.nets`, `methods.recognition`, `faces`, `frames` and below.
"""

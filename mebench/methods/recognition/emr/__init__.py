"""The recogniser that learns from macro-expressions too, which an adversary must not tell apart (Liu et al. 2019).

May import `methods.nets`, `methods.recognition`, `faces`, `frames` and below.
"""

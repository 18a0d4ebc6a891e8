"""Methods that spot intervals and tell their emotions.

May import the methods of spotting and of recognition, `frames` and below; never a dataset.
"""

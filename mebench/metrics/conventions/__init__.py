"""The choices on which the same predictions get different scores, as data with a fingerprint; one file a task.

May import `schema` and the ground alone.
"""

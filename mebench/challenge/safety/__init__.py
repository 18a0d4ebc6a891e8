"""Strangers' bytes: archives, files, names and texts that cannot harm, and the walls around the process that reads.

Knows nothing of challenges or predictions. May import `schema` and the ground.
"""

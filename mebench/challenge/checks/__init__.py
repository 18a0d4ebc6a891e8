"""What is wrong with predictions that could be read: known ids and labels, frames within the video, nothing twice.

Holds the collector of findings and the rows as they were written, too, for both are what checks work on. Only the
public side of a truth is looked at, except by `organiser`. May import `safety`, `tasks`, `schema` and the ground.
"""

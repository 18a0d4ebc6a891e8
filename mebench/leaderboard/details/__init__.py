"""What a table shows of its task beyond scores: columns, subjects, and drawings; one file a task that has its own.

May import the rest of `leaderboard` and below.
"""

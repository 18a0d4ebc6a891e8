"""What people read: the board as one offline page, and the commented rules of a new challenge.

May import `desk` and all that it may, and the templates of `leaderboard`.
"""

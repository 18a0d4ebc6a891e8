"""Methods on a user's own material, which belongs to no dataset.

`spot` works on one video, `session` on a list of them; `places` and `record` keep what came of each. May import `runs`
and below.
"""

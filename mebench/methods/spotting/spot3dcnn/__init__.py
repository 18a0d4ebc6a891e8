"""spot3dcnn: the two-stream 3D-CNN with temporal oriented frame skips (thesis chapter 5; arXiv 2105.06340).

May import `methods.nets`, `methods.spotting.postprocess`, `faces`, `frames` and below.
"""

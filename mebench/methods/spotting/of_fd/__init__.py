"""of_fd: optical flow of parts of the face against the beginning of a window, without training (after He 2021).

May import `methods.spotting`, `faces`, `metrics` and below.
"""

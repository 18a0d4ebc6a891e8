"""The recogniser by sequences of optical flow at two frame rates (Peng et al. 2017).

May import `methods.nets`, `methods.recognition`, `faces`, `frames` and below.
"""

"""Faces: frame sources, detection, alignment, local contrast normalisation, optical flow, action units, frame cache.

Importing this package imports none of its modules, hence neither OpenCV nor torch.
"""

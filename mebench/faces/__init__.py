"""Faces, from the frames of a video to what methods work on.

Detection, alignment, local contrast normalisation, optical flow, action units, and the cache that keeps what was
prepared. Modules here may import `rendering` (whose faces train `hog_ridge`), `frames`, `metrics` and `schema`, and the
plain helpers (`settings`, `registry`, `errors`, `module_sources`); they know no dataset and no method.

Importing this package imports none of its modules, hence neither OpenCV nor torch.
"""

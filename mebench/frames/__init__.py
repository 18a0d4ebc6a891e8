"""Frames: where they come from (folders, videos, arrays), and the store of those that were prepared.

It knows pixels and files, and nothing of faces or datasets; it may import `schema` and the plain helpers below it.
Importing this package imports none of its modules, hence no OpenCV.
"""

"""Where faces and their landmarks come from: detectors that look at a frame, tables, and the truth of rendered faces.

Importing this package imports none of its modules.
"""

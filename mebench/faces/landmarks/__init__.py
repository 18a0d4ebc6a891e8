"""Where faces and their landmarks come from: detectors that look at a frame, tables, and the truth of rendered faces.

Modules here may import `faces.geometry`, `frames`, `schema` and the plain helpers; the truth of rendered faces comes
through the source of their frames. Importing this package imports none of its modules.
"""

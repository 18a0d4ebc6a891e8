"""Tables of the papers that measure datasets, or folders of OpenFace tables, and run no method.

May import what `reproduce` may, and its reports.
"""

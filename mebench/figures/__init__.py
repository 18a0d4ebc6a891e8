"""Figures of the papers, and of whatever a run or a dataset shows, as SVG and PNG.

May import `analysis`, `apply`, `runs` and below; `matplotlib` is imported when something is drawn.
"""

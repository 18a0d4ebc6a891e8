"""Short clips of one expression each: what lies on disk becomes `Clip`, one small file for each dataset.

It may import the shared modules of `datasets`, and what those may import; no dataset imports another one.
"""

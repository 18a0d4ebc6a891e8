"""Clip datasets: short recordings of one expression each, one small file for each layout.

`base` has what the loaders share, `policies` what is done about irregular rows. A loader says where the frame folders
are and what the workbook's rows hold, and nothing else.
"""

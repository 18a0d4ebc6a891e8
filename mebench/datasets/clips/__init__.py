"""Clip datasets: short recordings of one expression each, one small file for each layout.

`base` has what the loaders share, `policies` what is done about irregular rows, `tables` reads workbooks by the names
of their columns and `layouts` finds folders. A loader says where the frame folders are and what the rows hold. `posed`
is for data sets whose folders say who shows what, without a table. Modules here may import those of `datasets` that are
no single dataset, and what those may import.
"""

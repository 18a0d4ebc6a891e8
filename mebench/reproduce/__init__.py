"""The papers' tables and figures as data, and what carries out their runs and compares them.

May import everything but `cli`.
"""

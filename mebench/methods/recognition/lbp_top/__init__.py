"""Local binary patterns on three orthogonal planes, and a linear machine (Zhao and Pietikainen, PAMI 2007).

May import `faces`, `frames`, `schema`, the recogniser's base and the linear machines.
"""

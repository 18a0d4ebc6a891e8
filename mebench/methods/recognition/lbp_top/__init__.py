"""Local binary patterns on three orthogonal planes, and a linear machine (Zhao and Pietikainen, PAMI 2007)."""

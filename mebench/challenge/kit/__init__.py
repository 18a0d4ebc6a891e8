"""The challenge kit: a folder in which strangers' submissions are checked, graded, ranked and handed to platforms."""

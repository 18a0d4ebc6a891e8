"""postprocess: from per-frame scores to intervals (thesis 5.4.5)."""

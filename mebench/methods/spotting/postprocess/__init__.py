"""postprocess: from per-frame scores to intervals (thesis 5.4.5). May import `methods.spotting.base` and below."""

"""methods/spotting."""

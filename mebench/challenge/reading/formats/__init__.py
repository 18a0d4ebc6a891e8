"""The files in which strangers' predictions come, one module for each kind; may import what `reading` may."""

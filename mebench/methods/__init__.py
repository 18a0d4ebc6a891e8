"""Methods: everything that turns videos into predictions."""

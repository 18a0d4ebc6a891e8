"""Methods that make expressions. May import `methods.nets`, `faces`, `frames` and below; never a dataset."""

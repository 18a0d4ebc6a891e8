"""Methods that tell the class of clips. May import `methods.nets`, `faces`, `frames` and below; never a dataset."""

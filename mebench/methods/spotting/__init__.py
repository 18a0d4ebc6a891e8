"""Methods that spot intervals in videos. May import `methods.nets`, `faces`, `frames` and below; never a dataset."""

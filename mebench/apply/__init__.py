"""Methods on a user's own material, which belongs to no dataset."""

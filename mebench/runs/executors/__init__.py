"""Where the jobs of a run are carried out. May import the rest of `runs` for failures and resources alone."""

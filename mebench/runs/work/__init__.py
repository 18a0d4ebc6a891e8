"""What a run does with a method: one file a task. May import `methods`, `datasets`, `tasks` and the rest of `runs`."""

"""How each task is graded, the same for every year; one file a task. May import `metrics`, `tasks` and below."""

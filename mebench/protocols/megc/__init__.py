"""The Micro-Expression Grand Challenges, a page each: rules that differ from the task, official counts, sources."""

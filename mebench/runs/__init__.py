"""Runs: a method on datasets under a protocol, fold by fold; an interrupted one goes on and ends in the same files.

`run` is the whole, `plan` says who learns and who is tested, `work` what is done with a method of each task,
`executors` where; `folds` and `store` keep it on disk. May import `protocols`, `methods`, `datasets` and below; it asks
no truth for its class and compares no task's id.
"""

"""The command `mebench`: one file for a family of verbs, without logic of its own.

May import everything, but at the top of a module only click and what is as small: a verb imports what it needs when it
is called, so that `--help` is there at once.
"""

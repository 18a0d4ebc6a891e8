"""Methods: what turns recordings into predictions; `base` is for all, and each task has a folder.

A method is handed recordings and a context, and sees neither dataset nor protocol. May import `faces`, `frames`,
`tasks` and below; never a dataset. Importing this package imports none of its modules, hence no torch.
"""

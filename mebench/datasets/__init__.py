"""Datasets, one small module each: from the layout on disk, or from the renderer, to `Video`s and `Clip`s.

`base` says what a dataset is and `catalogue` lists those that ship; `long_videos`, `policies`, `folders` and `workbook`
are what the loaders of recorded ones share, `clips` has those of clips, and `export` writes copies in their layouts. A
dataset knows no method and no protocol. Modules here may import `tasks`, `rendering`, `frames` and `schema`, and the
plain helpers (`settings`, `registry`, `errors`).
"""

"""Datasets: one small module each, from the layout on disk to `Video`s."""

"""Scorecards to tables, figures and one offline HTML page; and the timeline page of `mebench spot`.

`groups` says which cards share a table and how they rank, `details` what a table of a task shows beyond scores. Reads
cards, and folders of runs for timelines. May import `analysis`, `runs` and below; never `challenge`.
"""

"""Scorecards to tables, figures and one offline HTML page; and the timeline page of `mebench spot`."""

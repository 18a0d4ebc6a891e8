"""The pages of boards and timelines; see `mebench.pages`."""

from __future__ import annotations

from mebench.pages import Pages

_PAGES = Pages("mebench.leaderboard")
render, render_pieces, fragment = _PAGES.render, _PAGES.pieces, _PAGES.fragment

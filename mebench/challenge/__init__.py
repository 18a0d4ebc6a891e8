"""Challenges: what strangers submit is unpacked, read, checked, graded, receipted, ranked and handed to platforms.

The rooms, each of which imports only those before it: `safety`, `checks`, `reading`, `desk`, and beside each other
`pages` and `export`. May import `protocols`, `tasks` and all below them; `pages` borrows the looks of `leaderboard`.
"""

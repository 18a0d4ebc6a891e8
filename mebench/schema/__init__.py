"""What is exchanged: frozen types and their files, each with the one reader and the one writer of its form.

Tables, recordings, people, truths and predictions of every task, the scorecard and what brings old ones up to date. May
import the ground alone (`errors`, `settings`, `registry`, `plugin`), and numpy; no task, no metric, no heavy library.
"""

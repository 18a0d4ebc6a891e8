"""Challenges as other platforms run them: Codabench, EvalAI, grand-challenge.

What is exported holds a copy of the grading code, so the platform grades with exactly this version and needs numpy
and Python 3.11 only. Participants see the public columns of the public part; hidden scores never leave the
organisers' own folder. May import `desk` and all that it may.
"""

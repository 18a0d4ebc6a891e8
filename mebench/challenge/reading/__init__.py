"""One reading of a submission: what lies in it, who submits, and predictions or a report on everything that is wrong.

Reads without the help of the truth. May import `safety`, `checks`, `protocols`, `tasks`, `schema` and the ground.
"""

"""The desk of the organisers: rules, truth, state, quotas and receipts of a challenge, and how a submission is graded.

A submission is read in one process and scored in another, which never sees its bytes. May import `reading`, `checks`,
`safety`, `protocols`, `tasks`, `metrics`, `schema` and the ground.
"""

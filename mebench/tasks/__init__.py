"""The tasks as things: how truth and predictions of each are read, written, pooled, restricted and listed.

No other module compares a task's id or asks which class a truth has. May import `metrics` (for conventions), `schema`
and the ground; never torch, cv2 or pandas, for organisers grade without them.
"""

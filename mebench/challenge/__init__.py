"""Challenges: strangers' submissions, audited, read, graded and receipted."""

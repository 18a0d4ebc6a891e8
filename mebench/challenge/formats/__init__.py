"""Readers of the formats in which MEGC predictions have been handed in since 2019."""

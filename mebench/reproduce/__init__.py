"""The papers' tables and figures as data, and what compares them with runs."""

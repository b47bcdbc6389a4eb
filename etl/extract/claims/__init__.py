"""Clauses and the claims they make: who is said to have received what; one frame a construction."""

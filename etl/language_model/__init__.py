"""A language model that reads in place of the rules (etl.extract), off by default."""

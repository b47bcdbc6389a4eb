"""Figures, measured on the finished code: `make bench`. Timings are ratios against something in the same run."""

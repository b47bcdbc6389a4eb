"""`python -m etl` is the command `awards`."""

from etl.cli import main

main()

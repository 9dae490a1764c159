"""`python -m lms` is the `lms` command."""

from lms.boot.cli import main

main(prog_name="lms")

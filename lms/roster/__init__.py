"""Lists of people come into a cohort: looked at, settled, written in slices, undone; and those in it are invited."""

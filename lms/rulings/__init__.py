"""A question is voided, another answer accepted, a key changed: shown first, then graded again by appending."""

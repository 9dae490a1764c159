"""The office's side of certificates: who signs, under which numbers, the book of what was issued, and old paper."""

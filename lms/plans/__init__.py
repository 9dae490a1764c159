"""What participants of a bimtek mean to do in their village, and what came of it."""

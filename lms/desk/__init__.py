"""The trainer's desk: cohorts, everybody in one of them, who is stuck, and what is exported."""

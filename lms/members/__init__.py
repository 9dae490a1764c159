"""One person for a trainer of their cohort: what they did, what they wrote, and the help they need."""

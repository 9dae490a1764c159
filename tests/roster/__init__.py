"""Lists of people that come into a cohort."""

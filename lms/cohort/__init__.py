"""The room cohort."""

"""The survey of a bimtek, anonymous towards the office."""

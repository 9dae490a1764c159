"""The room bimtek."""

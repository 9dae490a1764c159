"""Long work in slices: begun by a feature, worked off by requests that are safe to repeat."""

"""What pages share: access, security, errors, the clock, limits."""

"""Which villages have somebody trained, and which have nobody yet."""

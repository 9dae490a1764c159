"""Ways in and out: card, staff password, devices, my data."""

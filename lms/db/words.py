"""Words that columns hold, known to statements and to rules alike: values only."""

PRESENT = ("hadir", "terlambat")
STATES = {"hadir": "Hadir", "terlambat": "Terlambat", "izin": "Izin", "tidak": "Tidak hadir"}
"""From the best to the worst."""

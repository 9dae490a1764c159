"""Pre-test and post-test (tes awal, tes akhir): drawn from tes.md for one person, hanging on the membership."""

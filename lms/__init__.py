"""Sinau PSM: a learning site for Pekerja Sosial Masyarakat."""

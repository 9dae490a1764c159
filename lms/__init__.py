"""Sinau PSM: a learning site for Pekerja Sosial Masyarakat. `lms.app` puts it together."""

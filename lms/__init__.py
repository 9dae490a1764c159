"""Sinau PSM: a learning site for Pekerja Sosial Masyarakat. `lms.boot.app` puts it together."""

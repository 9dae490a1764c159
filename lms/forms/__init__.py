"""Practice forms: read an example, fill in a case, see field by field what was expected and why."""

"""Running the site: staff, the office's identity, who edits which course, what was done."""

"""Questions that were written elsewhere: read into one value, written as our Markdown, put into a lesson."""

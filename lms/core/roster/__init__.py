"""Lists of people as offices keep them: from the bytes of a file to rows under headings, and from rows to people."""

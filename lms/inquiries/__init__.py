"""What a participant sends to the desk from a place in a course, and what the desk answers."""

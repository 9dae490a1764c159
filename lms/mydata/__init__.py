"""What is held about a person: seen, corrected, downloaded, erased, and let go of when its time is over."""

"""A bimtek as an event: its meetings, who came, and its closing."""

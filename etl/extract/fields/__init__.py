"""What belongs to a record: rank, category, day, place, giver, people; candidates, and which of them or none."""

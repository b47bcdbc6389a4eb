"""What operators need: to be told, to count, to save and restore, to take down. Changes no record that is not taken down."""

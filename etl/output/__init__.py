"""What people and other programs get to see: printed lines and files. Never decides what is true of an award."""

"""Pages on which an officer makes and ends the tokens of programs."""

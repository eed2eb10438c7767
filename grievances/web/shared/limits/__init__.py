"""How much one address or one account may ask for."""

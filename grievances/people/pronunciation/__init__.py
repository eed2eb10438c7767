"""How names sound: what a listener writes, and classes of sounds that are alike."""

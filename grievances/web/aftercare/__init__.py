"""Pages on which a person says how they are treated, for themselves alone."""

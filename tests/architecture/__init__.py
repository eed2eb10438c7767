"""The shape of the code: names that are data, sizes, dotted paths, words, and old databases."""

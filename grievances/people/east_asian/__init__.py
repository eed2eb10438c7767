"""Names in Chinese characters, as they are read in Japanese, Cantonese and Mandarin."""

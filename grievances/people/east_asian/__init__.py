"""Names in Chinese characters, as read in Japanese, Cantonese and Mandarin."""

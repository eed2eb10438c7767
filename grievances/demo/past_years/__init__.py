"""Made-up report facts of past years, shipped so that HR meets drawings at first start."""

"""Made-up report facts of past years, so that HR sees charts at first start."""

"""Curves of how long things take, made from protected counts. Builders only."""

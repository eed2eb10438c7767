"""What an attacker with an integer solver is left with, edition by edition (domain.md 10)."""

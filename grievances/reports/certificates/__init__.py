"""What an attacker with an integer solver is left with (domain.md 10)."""

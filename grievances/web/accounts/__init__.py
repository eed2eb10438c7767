"""Pages of an account: sign-in, password, recovery, proof."""

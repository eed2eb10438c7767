"""How people sign in: a second step, and single sign-on."""

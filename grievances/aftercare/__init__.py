"""How a person is treated after they raise a concern or help with one: asked, and kept for them."""

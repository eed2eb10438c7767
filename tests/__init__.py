"""The tests, the cast they play with and the services they run on."""

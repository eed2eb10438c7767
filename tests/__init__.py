"""The tests, the people in them and the services they run on."""

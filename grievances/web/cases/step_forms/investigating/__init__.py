"""Forms of the steps inside an investigation."""

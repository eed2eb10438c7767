"""Pages of companions, respondents and witnesses."""

"""A transactional outbox with channels.

It knows inboxes by their pseudonyms, and it knows no case.
"""

"""A transactional outbox with channels. It knows inboxes by opaque handles, and no case."""

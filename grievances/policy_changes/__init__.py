"""Changes of the policy and of the law as data: loaded, and approved by two people."""

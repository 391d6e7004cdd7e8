"""The bid client: seals, submits, keeps custody, without Django and without trust in the site (sealing.md)."""

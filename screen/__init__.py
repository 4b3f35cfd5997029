"""Everything the pages share: the session, how things are shown, uploads, and settings."""

"""The field (现场): what an officer's phone needs besides sending records: its package, its questions, its progress."""

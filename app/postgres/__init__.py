"""What the private PostgreSQL cluster is made of; used through app/embedded.py."""

"""Leads (线索): suspicious places, as officers report them."""

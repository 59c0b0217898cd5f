"""Dispatch (派单): somebody is sent to something that is left out; done when the evidence says so."""

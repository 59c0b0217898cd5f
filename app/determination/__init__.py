"""The no-omission determination: what is left out, how much of it a policy or an exception lets stand, who signed."""

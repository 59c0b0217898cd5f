"""Marks (标记): areas that an officer puts down by hand, as patrolled (declared) or as inaccessible."""

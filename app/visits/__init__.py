"""Visits (检查走访): an officer went to a site, entered or not, answered a checklist, saw its tenancies or did not."""

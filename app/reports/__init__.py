"""Reports (报表): the official forms F1 to F4, the effort they ask for, lists as towns have kept them, exports."""

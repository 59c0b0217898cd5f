"""Patrols (巡查): what officers' phones and devices recorded, taken in, cleaned, kept and voided."""

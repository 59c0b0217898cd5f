"""Cases (一案一档): one file each, from the day of the find to the last look back."""

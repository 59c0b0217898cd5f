"""Reading files of territory: from bytes that nobody vouches for to rows that can be stored, or a report why not."""

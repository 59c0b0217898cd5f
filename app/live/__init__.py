"""What goes on now: changes told to open pages, who is out today, and what group chats are told."""

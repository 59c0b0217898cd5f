"""What towns and villages hand upward (报送): F2 each week, F4 each month; from prepared to locked."""

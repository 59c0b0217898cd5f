"""Review (核查): people judge what was found about evidence; requests to take ground out are decided here too."""

"""What the memo tells of an effect: a page for the politician, and an appendix for the statistician."""

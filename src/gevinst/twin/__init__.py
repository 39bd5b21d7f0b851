"""A synthetic twin of a register: made-up persons drawn from safe numbers of the real ones."""

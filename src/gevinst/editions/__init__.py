"""Editions: what each rests on, running it again, holding two against each other, and the states it goes through."""

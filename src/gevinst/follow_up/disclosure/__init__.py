"""Disclosure control: which counts may be printed, so that none of a few persons can be read or worked out."""

"""The program's version, in a place every stage may import."""

__version__ = "0.1.0"

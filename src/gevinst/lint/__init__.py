"""The memo linter: reads a memo, ours or another's, and finds the figures and labels that disagree."""

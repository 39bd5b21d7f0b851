"""The auditor's package: an edition with all it rests on, and a synthetic twin from which its memo re-runs."""

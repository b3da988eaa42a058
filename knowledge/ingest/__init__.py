"""Files in, a live and true index out: plan, split, run."""

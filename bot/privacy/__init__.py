"""Personal data: found in what people write, and replaced by placeholders before anything leaves, is kept or logged."""

"""Is a sentence supported by the passages it cites? Text in, verdicts and verbatim spans out. All of it is pure."""

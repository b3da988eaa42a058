"""What does this message mean: language, chat, form of the answer, follow-ups, parts."""

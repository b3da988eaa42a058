"""Text primitives: characters, words and stems, sentences, text that reads like orders to a model."""

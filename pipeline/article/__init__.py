"""One article, read purely: segments, words, voices, arguments, stance, relations, price events."""

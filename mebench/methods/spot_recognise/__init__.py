"""Methods that spot expressions in long videos and tell the emotion of each."""

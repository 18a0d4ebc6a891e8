"""The walls around a process that works on strangers' files; knows nothing of challenges."""

"""The rooms: one folder per kind of fact."""

"""The edits of sessions that have not committed them, kept in a folder of the user's own, for when a session dies."""

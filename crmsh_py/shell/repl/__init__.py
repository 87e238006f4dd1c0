"""The rich prompt: lines are coloured, checked and completed while they are typed, and called back from the history.

The only user of prompt_toolkit."""

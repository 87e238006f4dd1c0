"""Where a CIB is read from and written to: a file, a shadow, the cluster. Only this room knows which one it is."""

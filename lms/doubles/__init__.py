"""The same person found twice: seen side by side, made one, and made two again."""

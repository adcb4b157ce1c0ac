"""The command ``scoregap``: what it takes and what it prints."""

"""What happens to an episode, for the apps above that have to look again."""

from django.dispatch import Signal

# Sent with `episode` inside the transaction that changed its findings or its red-flag screen.
findings_changed = Signal()

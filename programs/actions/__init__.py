"""Every write: keyword-only functions that say who does it, with their audit event."""

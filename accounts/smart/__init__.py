"""How a program of somebody else is let in: OAuth 2.0 as SMART App Launch 2.2 profiles it."""

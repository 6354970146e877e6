"""From a message to what it asks: intent, names, years, document numbers, small talk."""

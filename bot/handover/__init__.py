"""From the bot to a person: office hours, the waiting place, what is passed on and what comes back."""

"""«Мої дані»: what is known of the person, and how they sign in (C19)."""

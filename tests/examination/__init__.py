"""The examination of strangers’ files: bounds, places, growth."""

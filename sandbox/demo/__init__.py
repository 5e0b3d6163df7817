"""The content of the demonstration: invented people, agencies, schedules, pages."""

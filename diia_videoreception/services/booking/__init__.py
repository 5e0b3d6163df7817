"""Time and what is decided about it: holds, drafts, applications, moderation, receptions, absences.

Takes time by `occupancy` alone and changes a state by `states` alone; calls no service of
rooms.
Others call absences, answer_deadlines, answer_reminders, answer_signing, answer_tasks, answers, applications,
assignments, clarifications, closing, comments, completeness, correction_documents, corrections, deadlines, document_signatures, draft_documents, drafts, equipment, erasing, exporting, extending, holds, leaving, moderation, move_requests, notes,
objections, pauses, presence, proposals, reassigning, receptions, refusal_reasons, registering, reply_documents, representing, retention, schedule_changes, signatures,
terms, unusual_looks, waiting, written_answers.
Tests: tests/services/booking, tests/services/test_unusual_looks.py, tests/races, tests/housekeeping.
"""

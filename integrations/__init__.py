"""The outside world: signatures, identity, conferences, mailboxes, examination of files, virus
scanners, captchas and message queues.
"""

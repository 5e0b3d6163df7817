"""What runs by itself or by the operator's command: deadlines, delivery, cleaning, keys, restored backups.

May call every room and decides nothing about an application; `steps` lists what runs by itself.
Others call cleaning, key_rotation, restoring, steps. Tests: tests/housekeeping, tests/services/test_key_rotation.py.
"""

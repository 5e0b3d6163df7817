"""Files of strangers (JPEG, PNG, PDF) examined in processes of their own, a few at a time.

    web process --(places.py, shares.py)--> outside.py --stdin--> examiner.py: confinement, then images.py or pdf.py

Nothing here knows Django; the texts of refusals are the caller's, by their codes. `jpeg_segments` is the one
walker of JPEG files, for the device check too.
"""

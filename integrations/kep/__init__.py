"""Qualified electronic signatures of Ukraine (КЕП), verified without a proprietary library.

The package needs neither Django nor a network. Start with :func:`integrations.kep.verify.verify`.
"""

"""Telling people what happened: who hears of what, and a mail for each, once."""

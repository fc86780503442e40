"""Editors: assign, decline, retire, answer readers."""

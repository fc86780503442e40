"""The same server with one mistake: it never asks for the edition. The checker has to find it out."""

from netreview.wsgi import application

application._edition = lambda: 1

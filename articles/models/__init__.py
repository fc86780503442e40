from articles.models.article import TEXT_FIELDS, Article, Topic, Version
from articles.models.board import BoardMember, EditorialPolicy
from articles.models.edition import Unannounced
from articles.models.events import Event, Message, append_event, broken_links
from articles.models.people import User
from articles.models.publication import Address, Publication
from articles.models.questions import Question
from articles.models.review import Assignment, Conflict, Decision, Round

__all__ = [
    "TEXT_FIELDS",
    "Address",
    "Article",
    "Assignment",
    "BoardMember",
    "Conflict",
    "Decision",
    "EditorialPolicy",
    "Event",
    "Message",
    "Publication",
    "Question",
    "Round",
    "Topic",
    "Unannounced",
    "User",
    "Version",
    "append_event",
    "broken_links",
]

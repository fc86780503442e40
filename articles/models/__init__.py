from articles.models.article import TEXT_FIELDS, Article, Topic, Version
from articles.models.board import BoardMember, EditorialPolicy
from articles.models.events import Event, Message, append_event, broken_links
from articles.models.evidence import Comment, SignOff, Suggestion, Thread
from articles.models.people import User
from articles.models.policy import ChecklistItem, Interest, InterestKind, ReviewPolicy, policy_for
from articles.models.publication import Address, Publication
from articles.models.questions import Question
from articles.models.review import Assignment, Conflict, Decision, Round

__all__ = [
    "TEXT_FIELDS",
    "Address",
    "Article",
    "Assignment",
    "BoardMember",
    "ChecklistItem",
    "Comment",
    "Conflict",
    "Decision",
    "EditorialPolicy",
    "Event",
    "Interest",
    "InterestKind",
    "Message",
    "Publication",
    "Question",
    "ReviewPolicy",
    "Round",
    "SignOff",
    "Suggestion",
    "Thread",
    "Topic",
    "User",
    "Version",
    "append_event",
    "broken_links",
    "policy_for",
]

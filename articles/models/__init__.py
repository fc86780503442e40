from articles.models.article import TEXT_FIELDS, Article, Topic, Version
from articles.models.board import BoardMember, EditorialPolicy
from articles.models.events import Event, Message, append_event, broken_links
from articles.models.follows import Follow, Letter, LetterKind
from articles.models.people import User
from articles.models.publication import Address, Publication
from articles.models.questions import Question, QuestionKind
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
    "Follow",
    "Letter",
    "LetterKind",
    "Message",
    "Publication",
    "Question",
    "QuestionKind",
    "Round",
    "Topic",
    "User",
    "Version",
    "append_event",
    "broken_links",
]

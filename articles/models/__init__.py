from articles.models.article import TEXT_FIELDS, Article, Topic, Version
from articles.models.board import BoardMember, EditorialPolicy
from articles.models.edition import Unannounced
from articles.models.events import Event, Message, append_event, broken_links
from articles.models.evidence import Comment, SignOff, Suggestion, Thread
from articles.models.figures import Figure
from articles.models.follows import Follow, Letter, LetterKind
from articles.models.glossary import Explanation, GlossaryEntry
from articles.models.inquiries import AnsweredWith, Inquiry, InquiryState, Reply
from articles.models.people import User
from articles.models.policy import ChecklistItem, Interest, InterestKind, ReviewPolicy, policy_for
from articles.models.publication import Address, Image, Publication
from articles.models.questions import Question, QuestionKind
from articles.models.replies import PublishedReply
from articles.models.review import Assignment, Conflict, Decision, Round
from articles.models.seals import TELLING, broken_seals, untold_states
from articles.models.search import (
    IndexedArticle,
    IndexedTopic,
    Passage,
    Posting,
    SearchIndex,
    Term,
    TopicName,
)

__all__ = [
    "TELLING",
    "TEXT_FIELDS",
    "Address",
    "AnsweredWith",
    "Article",
    "Assignment",
    "BoardMember",
    "ChecklistItem",
    "Comment",
    "Conflict",
    "Decision",
    "EditorialPolicy",
    "Event",
    "Explanation",
    "Figure",
    "Follow",
    "GlossaryEntry",
    "Image",
    "IndexedArticle",
    "IndexedTopic",
    "Inquiry",
    "InquiryState",
    "Interest",
    "InterestKind",
    "Letter",
    "LetterKind",
    "Message",
    "Passage",
    "Posting",
    "Publication",
    "PublishedReply",
    "Question",
    "QuestionKind",
    "Reply",
    "ReviewPolicy",
    "Round",
    "SearchIndex",
    "SignOff",
    "Suggestion",
    "Term",
    "Thread",
    "Topic",
    "TopicName",
    "Unannounced",
    "User",
    "Version",
    "append_event",
    "broken_links",
    "broken_seals",
    "policy_for",
    "untold_states",
]

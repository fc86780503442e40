"""One page of writing: the form and its references together, as they are stored, typed or drawn again."""

from typing import Any

from django.http import QueryDict

from articles.content.references import Record
from articles.models import TEXT_FIELDS, Article
from articles.workflow import WorkflowError
from articles.writing.forms import ArticleForm
from articles.writing.references import references_of, references_posted, references_redrawn

# Every article answers in the same order, so that readers find what they look for.
SKELETON = (
    "<h2>From the Guidelines</h2>"
    "<h3>Key Considerations</h3><p></p>"
    "<h3>Clinical Guidelines</h3><p></p>"
    "<h2>From the Research</h2>"
    "<h3>Diagnosis</h3><p></p>"
    "<h3>Treatment</h3><p></p>"
    "<h3>Treatment Approach</h3><p></p>"
)


class Manuscript:
    """What is in the author's hands. `is_unsaved`: the page holds words that no version holds."""

    def __init__(self, form: ArticleForm, references: Any, *, is_unsaved: bool = False) -> None:
        self.form = form
        self.references = references
        self.is_unsaved = is_unsaved
        self.import_text = ""
        self.import_reasons: list[str] = []

    @classmethod
    def blank(cls) -> "Manuscript":
        return cls(ArticleForm(initial={"body": SKELETON}), references_of([], blank=1))

    @classmethod
    def of(cls, article: Article) -> "Manuscript":
        stored = {name: getattr(article, name) for name in TEXT_FIELDS}
        form = ArticleForm(initial=stored | {"topic": article.topic_id, "version": article.version})
        return cls(form, references_of(article.references))

    @classmethod
    def posted(cls, data: QueryDict, *, version: int | None = None) -> "Manuscript":
        """As typed, to be judged. `version` puts it on top of another version than the one it came with."""
        if version is not None:
            data = data.copy()
            data["version"] = str(version)
        return cls(ArticleForm(data), references_posted(data), is_unsaved=True)

    @classmethod
    def redrawn(cls, data: QueryDict, *, more: list[Record] | None = None, blank: int = 0) -> "Manuscript":
        """As typed, with more rows and without a word about what is still missing."""
        form = ArticleForm(initial={name: data.get(name, "") for name in ArticleForm.base_fields})
        return cls(form, references_redrawn(data, more=more, blank=blank), is_unsaved=True)

    def is_valid(self) -> bool:
        # Both are asked, so that everything that is wrong shows at once.
        return all([self.form.is_valid(), self.references.is_valid()])

    @property
    def fields(self) -> dict[str, Any]:
        """What the workflow saves; ask after is_valid()."""
        names = (*TEXT_FIELDS, "topic")
        return {name: self.form.cleaned_data[name] for name in names if name != "references"} | {
            "references": self.references.records
        }

    def keys(self) -> set[str]:
        """Keys of the references in this form, as far as they have one."""
        return {row.name for row in self.references if row.name}

    def blame(self, refusal: WorkflowError) -> None:
        """Show beside a field what the workflow says of it."""
        for issue in getattr(refusal, "issues", []):
            if issue.code in self.form.fields:
                self.form.add_error(issue.code, issue.message)

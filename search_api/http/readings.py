"""``/api/v1/records/{id}/statements``: what was read from a document, and people's decisions on it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from kg.reviews import Decision
from search_api.desk.statements import review_statement, statements_of
from search_api.http.context import ContextOf
from search_api.http.problems import problem_responses
from search_api.http.writing import SECURITY, SecretariatOf

router = APIRouter(prefix="/api/v1", tags=["records"])
_EXAMPLE = {"document": {"value": "document-D001"}}
DocumentId = Annotated[
    str, Path(description="The document's id. / 文書の id", max_length=100, openapi_examples=_EXAMPLE)
]
StatementKey = Annotated[str, Path(description="The statement's key (s-…). / 読み取り結果の記号", max_length=40)]


class ReviewBody(BaseModel):
    """What a person decided, when, and what is right instead."""

    decision: Decision
    on: str
    correction: str | None


class ReadStatement(BaseModel):
    """One thing that a document says, as it was read: never to be taken for reviewed while ``review`` is null."""

    statement: str
    says: str = Field(description="In words / 文章で")
    predicate: str
    subject: str | None
    object: str | None
    passage: str | None = Field(description="The passage (fragment of the document's IRI) / 箇所")
    start: int = Field(description="First character of the words that say it / 開始位置")
    end: int
    confidence: float = Field(description="From 0 to 1 / 確からしさ")
    method: str
    review: ReviewBody | None


class DecisionBody(BaseModel):
    """A decision; ``corrected`` comes with what is right instead, the others without."""

    decision: Decision = Field(
        description="accepted, corrected or rejected / 正しい・訂正・誤り", examples=["accepted"]
    )
    correction: str | None = Field(None, max_length=500, examples=["真庭市 — facesIssue → ナラ枯れ"])


@router.get(
    "/records/{id}/statements",
    summary="What was read from a document / 文書から読み取った内容",
    responses=problem_responses(404, 422),
)
def list_statements(id: DocumentId, context: ContextOf) -> list[ReadStatement]:
    """The relations and goals that were read from a document, in its order, with place, confidence and review.

    文書から読み取った関係と目標を、位置・確からしさ・確認の結果とともに、文書の順に返します。
    """
    service = context.service
    return [ReadStatement(**one) for one in statements_of(service.store, service.folder.base, id)]


@router.post(
    "/records/{id}/statements/{statement}/review",
    summary="Accept, correct or reject a statement / 読み取り結果の確認",
    responses=problem_responses(401, 403, 404, 422),
    openapi_extra=SECURITY,
)
def post_review(
    id: DocumentId, statement: StatementKey, body: DecisionBody, actor: SecretariatOf, context: ContextOf
) -> ReadStatement:
    """Records a decision in place of an earlier one. Reading the document again leaves it as it is.

    判断を記録します（以前の判断は置き換わります）。文書を再度取り込んでも消えません。
    """
    return ReadStatement(**review_statement(context.desk, id, statement, body.decision, actor.name, body.correction))

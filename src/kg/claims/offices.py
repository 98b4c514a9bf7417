"""In which post, and for which body, an official acts."""

from __future__ import annotations

from kg.claims.context import Context, evidence
from kg.mention import Mention
from kg.model import Argument, Status


def post_of(person: Mention) -> Mention | None:
    """The post of the outermost phrase that a person stands in: of "Dirjen A, sebagai Pj. Gubernur B" the second."""
    while person.head is not None:
        posts = [mention for mention in person.inside if mention.core.type == "post"]
        if posts:
            return posts[-1]
        person = person.head
    return None


def acts_for(context: Context, mention: Mention) -> Argument | None:
    """The body or government of the post that is named, stands in the person's phrase, or is the one they hold."""
    post = mention if mention.core.type == "post" else post_of(mention)
    if post is None and mention.core.type == "person":
        post = context.holders.post_of(mention.core, mention.end)
    if post is None or context.posts.status(post.core, None) is Status.PROJECTED:
        return None
    outer = post.linked.get("org")
    body = context.posts.held(post.core, outer if isinstance(outer, Mention) else None, None).organisation
    return None if body is None else Argument(body.value, evidence(post.core))

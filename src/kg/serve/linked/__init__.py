"""Linked Data: every id of the graph answers, as a page or as data, and says what else there is.

Ids begin with the base of the graph (``https://w3id.org/jejaring/``, or the store's own); this server answers for them
on its own paths: ``/id/KIND/KEY`` leads (303) to ``/page/KIND/KEY`` for people and to ``/data/KIND/KEY.ttl`` and other
endings for programs. A resolver at the base, such as w3id.org, leads here with one rule.
"""

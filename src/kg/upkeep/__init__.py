"""Looking after a store: what it holds, whether it is sound, copies of it, and older layouts brought up to date.

Each is a function of the folder. Keeping and removing articles is ``kg.store``'s.
"""

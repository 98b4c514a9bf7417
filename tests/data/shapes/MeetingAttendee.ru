INSERT DATA { <id/meeting/forum-kota-sungai-2025-11-10> schema:attendee <id/place/JP> }

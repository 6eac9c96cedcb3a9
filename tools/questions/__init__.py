"""Questions for learning platforms: Moodle XML, QTI 2.1, a spreadsheet, SCORM 1.2, and a closed bank.

``python -m tools.questions`` (``make questions``) writes the chapters' quizzes in the three formats,
``python -m tools.questions.bank`` (``make bank``) more questions of the same kinds, drawn on a seed,
``python -m tools.questions.scorm`` (``make scorm``) a chapter's quiz as it is in the book. ``items``
reads the quizzes and says of each question its number, its point of knowledge and how hard it is;
``moodle``, ``qti`` and ``sheet`` write one format each. No platform has imported them yet: what is
written is held to what is published of each format, and read back in the tests.
"""

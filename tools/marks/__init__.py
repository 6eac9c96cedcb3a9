"""Marks from files, without a server: what students hand in is marked again on the teacher's machine.

``python -m tools.marks FOLDER --chapter 02`` (``make marks``). ``reading`` takes in what is in the
folder, ``quizzes`` marks the answers to the quiz, ``jail`` and ``inmate`` run the exercises again in
a sandbox, ``judge`` knows what is right, ``hidden`` what they are tried with beside the book's own
arguments, ``pages`` writes the table and a page of feedback each; ``nights`` plays the nights of the practice
again and puts them into a table of their own. ``nbgrader`` makes an assignment
for those who have a hub with it.
"""

"""The contents of the report, the letters and the workbook of a bimtek.

Figures are gathered by a job, texts are written by the trainer, files are made anew whenever asked for. No other room
uses this one. It rests on the rooms whose figures it tells (`certificate`, `cohort`, `bimtek`, `quiz`) and on `paper`
for the documents.
"""

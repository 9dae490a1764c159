"""The rules of learning as functions of values: no Flask, no database, no clock, no global randomness."""

"""Misbehaviour on demand."""

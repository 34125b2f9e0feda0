"""The five forms as a KoboToolbox server shows them, in every version."""

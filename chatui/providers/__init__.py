"""Who answers: OpenAI-compatible endpoints, the demo and the scripted provider, behind one protocol."""

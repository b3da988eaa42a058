"""How the bot behaves among people, measured on what others wrote. `python -m tests.eval.conversation`."""

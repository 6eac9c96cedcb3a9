"""Models and demos of the interactive textbook 网店客服 (online-shop customer service)."""

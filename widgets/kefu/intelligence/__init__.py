"""Intelligent service (智能服务): models, standard library only."""
